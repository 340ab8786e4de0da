import { decimal, text, wholeNumber, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'
import { word } from '../policy/word.js'

const times = wholeNumber({ min: 1, max: 1_000_000 })

const goal = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('orders'),
    count: times.describe('So many confirmed orders that stand.'),
  }),
  z.strictObject({
    type: z.literal('spend'),
    amount: decimal({ places: 4, min: '0.0001' }).describe(
      'What was spent on confirmed orders that stand, in major units of the programme’s currency.',
    ),
  }),
  z.strictObject({
    type: z.literal('acts'),
    source: word().describe('An earn source: events of it are counted.'),
    tag: text({ max: 64 })
      .nullable()
      .default(null)
      .describe('Only events about this: a category of goods, a behaviour. Null: all.'),
    count: times,
  }),
  z.strictObject({
    type: z.literal('streak'),
    source: word().describe('An earn source that counts how many in a row.'),
    count: times,
  }),
])

const badge = z.strictObject({
  id: word(),
  title: wordsSchema,
  description: wordsSchema.nullable().default(null),
  active: z
    .boolean()
    .default(true)
    .describe('False: nobody earns it any more; who has it keeps it.'),
  goal: goal.describe('What a member has to have done.'),
})

/** What members can have done, and be shown for (M7). */
export const badgesSection = z.array(badge).max(200).default([])

export type Badge = z.output<typeof badge>
export type BadgeGoal = Badge['goal']
