import { decimal, wholeNumber, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'
import { word } from '../policy/word.js'

const MOST_DAYS = 36_500

/** From the least to the most, both included; left out: no bound. */
function range(most: number, what: string) {
  return z
    .strictObject({
      min: wholeNumber({ min: 0, max: most }).optional(),
      max: wholeNumber({ min: 0, max: most }).optional(),
    })
    .refine(({ min = 0, max = most }) => min <= max, {
      path: ['max'],
      error: 'Expected at least `min`.',
    })
    .optional()
    .describe(what)
}

const spentRange = z
  .strictObject({
    min: decimal({ places: 4, min: '0' }).optional(),
    max: decimal({ places: 4, min: '0' }).optional(),
  })
  .optional()
  .describe('What the orders in the window come to, in major units of the programme’s currency.')

const score = (what: string) =>
  range(5, `${what}, 1 (lowest) to 5. Nobody without an order in the window has a score.`)

const anyOf = (what: string) =>
  z.array(z.string().min(1).max(64)).min(1).max(200).optional().describe(what)

const conditions = z.strictObject({
  recency: score('How lately the member ordered'),
  frequency: score('How often the member ordered'),
  monetary: score('How much the member spent'),
  orders: range(1_000_000, 'How many orders in the window.'),
  spent: spentRange,
  daysSinceOrder: range(MOST_DAYS, 'Days since the last order. Nobody without an order has any.'),
  daysSinceJoined: range(MOST_DAYS, 'Days since the member joined.'),
  daysSinceActive: range(MOST_DAYS, 'Days since the member was last active, or else joined.'),
  tiers: anyOf('One of these tiers.'),
  regions: anyOf('One of these regions.'),
  badges: anyOf('Has one of these badges.'),
  activity: z
    .array(z.enum(['high', 'medium', 'low']))
    .min(1)
    .max(3)
    .optional()
    .describe('Is so active.'),
  notIn: anyOf('In none of these segments, which come earlier in the list.'),
})

const segment = z.strictObject({
  id: word(),
  title: wordsSchema,
  anyOf: z
    .array(conditions)
    .min(1)
    .max(20)
    .describe('Members of whom one of these is true whole. `[{}]`: everybody.'),
})

/** Segments that a new programme has (M6): each member who ever ordered is in one of them. */
const defaultSegments = [
  {
    id: 'loyal',
    title: { en: 'Loyal', zh: '忠诚会员' },
    anyOf: [{ recency: { min: 4 }, frequency: { min: 4 } }],
  },
  {
    id: 'sleeping',
    title: { en: 'Sleeping', zh: '沉睡会员' },
    anyOf: [{ recency: { min: 2, max: 2 } }],
  },
  {
    id: 'lost',
    title: { en: 'Lost', zh: '流失会员' },
    anyOf: [{ recency: { max: 1 } }, { orders: { max: 0 }, daysSinceOrder: {} }],
  },
  {
    id: 'ordinary',
    title: { en: 'Ordinary', zh: '一般会员' },
    anyOf: [{ daysSinceOrder: {}, notIn: ['loyal', 'sleeping', 'lost'] }],
  },
]

/** Who is alike, for rules, offers and experiments to name (M6). */
export const segmentsSection = z
  .strictObject({
    rfm: z
      .strictObject({
        windowMonths: wholeNumber({ min: 1, max: 24 })
          .default(12)
          .describe('Orders of so many months are looked at, the present one included.'),
      })
      .prefault({}),
    list: z
      .array(segment)
      .max(200)
      .prefault(defaultSegments)
      .describe('A member is in every segment whose conditions it meets.'),
  })
  .prefault({})

export type Segment = z.output<typeof segment>
export type SegmentConditions = Segment['anyOf'][number]
