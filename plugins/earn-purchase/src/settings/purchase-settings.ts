import { decimal, points, rate, text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

const rates = () => z.record(text({ max: 64 }), rate())

/** So many points, or other for some tiers; null: no limit. */
const limit = () =>
  z
    .strictObject({
      limit: points().nullable(),
      byTier: z.record(text({ max: 64 }), points().nullable()).default({}),
    })
    .nullable()
    .default(null)

/** What an operator sets about purchases (E2, E8): a part of the policy. */
export const purchaseSettings = z.strictObject({
  spendPerPoint: decimal({ places: 4, min: '0.0001' })
    .default('1')
    .describe('How much spend makes a point, in major units of the programme’s currency.'),
  categoryRates: rates()
    .default({})
    .describe('Factor by category of goods; 1 for those not named and for goods without one.'),
  regionRates: rates()
    .default({})
    .describe(
      'Factor by region (`class-3`: 1.2): the order’s, or the member’s where the order names none; 1 for those not named.',
    ),
  staffRate: rate().default('0').describe('Factor for members of staff.'),
  birthday: z
    .boolean()
    .default(true)
    .describe('Whether the tier’s birthday multiplier counts on a member’s birthday.'),
  rounding: z
    .enum(['floor', 'half-up', 'ceil'])
    .default('floor')
    .describe('How an order’s points become whole, once an order.'),
  confirmAfterDays: wholeNumber({ min: 0, max: 3_660 })
    .nullable()
    .default(7)
    .describe(
      'Days of 24 hours after which an order counts as confirmed by itself; null: only when it is said to be.',
    ),
  claimDays: wholeNumber({ min: 1, max: 366 })
    .nullable()
    .default(null)
    .describe(
      'Days of 24 hours that a member has to claim the points of a confirmed order, void after that; null: they need no claiming.',
    ),
  // Policies that have it stay valid, and it holds as it did.
  pointsPerOrder: limit()
    .describe(
      'Deprecated: use `caps.pointsPerOrder` of the programme. The most points one order earns; where both are set, both hold.',
    )
    .meta({ deprecated: true }),
  pointsPerItem: limit().describe(
    'The most points one piece of goods earns; three of them can earn three times that. `caps.pointsPerItem` of the programme bounds an article, all its pieces together.',
  ),
})

export type PurchaseSettings = z.output<typeof purchaseSettings>

/** What a limit is for a tier; null: none. */
export function limitFor(limit: PurchaseSettings['pointsPerOrder'], tier: string): number | null {
  if (limit === null) return null
  return Object.hasOwn(limit.byTier, tier) ? (limit.byTier[tier] ?? null) : limit.limit
}
