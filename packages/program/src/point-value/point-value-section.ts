import { decimal, localDate, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** A month of a price index. */
export function month() {
  return z.string().regex(/^(19|[2-9]\d)\d\d-(0[1-9]|1[0-2])$/, {
    error: 'Expected a month such as `2026-03`.',
  })
}

/** A figure of a price index, above 0. */
export function indexFigure() {
  return decimal({ places: 6, min: '0.000001', max: '1000000000' })
}

const change = z.strictObject({
  from: localDate().describe('The first day on which a point is worth so much.'),
  value: decimal({ places: 4, min: '0.0001', max: '10000' }).describe(
    'What a point is worth against what it was to begin with: `1.1` is a tenth more, and prices are a tenth less.',
  ),
  because: z
    .strictObject({
      baseMonth: month(),
      baseIndex: indexFigure(),
      month: month(),
      index: indexFigure(),
    })
    .nullable()
    .default(null)
    .describe('The figures of the price index that it was made of; null: somebody set it.'),
})

/** What a point is worth as time goes by (X8). */
export const pointValueSection = z
  .strictObject({
    follows: z
      .strictObject({
        baseMonth: month().describe('The month of the price index in which a point was worth 1.'),
        everyMonths: wholeNumber({ min: 1, max: 120 })
          .default(12)
          .describe('How many months of the index lie between two changes.'),
        apply: z
          .enum(['propose', 'announce'])
          .default('propose')
          .describe('Whether a change waits for an operator, or is announced by itself.'),
      })
      .nullable()
      .default(null)
      .describe('The rule by which the value follows the price index; null: it does not.'),
    announceMonths: wholeNumber({ min: 0, max: 36 })
      .default(6)
      .describe('How long before its first day a change has to be in the policy.'),
    transitionDays: wholeNumber({ min: 0, max: 366 })
      .default(90)
      .describe('For so many days the value before still serves, where it is better for members.'),
    changes: z
      .array(change)
      .max(200)
      .default([])
      .describe('What a point was, is and will be worth, in the order of the days.'),
  })
  .superRefine(({ changes }, context) => {
    for (const [place, { from }] of changes.entries()) {
      const before = changes[place - 1]
      if (!before || before.from < from) continue
      context.addIssue({
        code: 'custom',
        path: ['changes', place, 'from'],
        message: `Expected later than ${before.from}.`,
      })
    }
  })
  .prefault({})

export type PointValuePolicy = z.output<typeof pointValueSection>
export type PointValueChange = PointValuePolicy['changes'][number]
