import { instant, points, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { word } from '../policy/word.js'

/** ISO 8601 in UTC, of one length, so that texts compare as moments do. */
function isoInstant() {
  return instant().transform((at) => new Date(at).toISOString())
}

const span = z
  .strictObject({
    from: isoInstant(),
    until: isoInstant().describe('The first instant after it.'),
    points: points(),
  })
  .refine(({ from, until }) => from < until, {
    path: ['until'],
    error: 'Expected later than `from`.',
  })

const spans = z
  .array(span)
  .min(1)
  .max(120)
  .superRefine((list, context) => {
    for (const [place, { from, until }] of list.entries()) {
      const other = list.findIndex((it) => it.from < until && from < it.until)
      if (other === -1 || other === place) continue
      const message = `Overlaps with the one at place ${other}.`
      context.addIssue({ code: 'custom', path: [place, 'from'], message })
    }
  })
  .describe('Outside of them nothing is limited.')

/** So many points a period of the programme's calendar, or in periods with dates. */
const budget = z.discriminatedUnion('period', [
  z.strictObject({ period: z.literal('month'), points: points() }),
  z.strictObject({ period: z.literal('quarter'), points: points() }),
  z.strictObject({ period: z.literal('year'), points: points() }),
  z.strictObject({ period: z.literal('dated'), spans }),
])

export type Budget = z.output<typeof budget>

/** How many points may be issued (E9). */
export const budgetsSection = z
  .strictObject({
    programme: budget
      .nullable()
      .default(null)
      .describe('For all members together; null: no budget.'),
    reservePercent: wholeNumber({ min: 10, max: 20 })
      .default(10)
      .describe('What of the programme’s budget is kept for campaigns, rounded up to a point.'),
    departments: z
      .record(word(), budget)
      .default({})
      .describe('For what campaigns add that these departments pay for.'),
  })
  .prefault({})
