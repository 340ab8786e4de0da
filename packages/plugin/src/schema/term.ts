import { z } from 'zod'
import { wholeNumber } from './points.js'

/** The longest term, so that no date leaves the calendar: a hundred years. */
const MAX_YEARS = 100

/** How long points last (X1). Days and months are those of the programme's own time zone. */
export const termSchema = z
  .discriminatedUnion('term', [
    z.strictObject({ term: z.literal('never') }),
    z.strictObject({
      term: z.literal('days'),
      days: wholeNumber({ min: 1, max: MAX_YEARS * 366 }),
    }),
    z.strictObject({
      term: z.literal('months'),
      months: wholeNumber({ min: 1, max: MAX_YEARS * 12 }),
    }),
    z.strictObject({ term: z.literal('end-of-next-year') }),
  ])
  .describe(
    'How long points last: never; so many days; to the last day of the Nth natural month; to the end of next year.',
  )

export type Term = z.output<typeof termSchema>
