import { checkIn } from '@pointwell/earn-check-in'
import { purchase } from '@pointwell/earn-purchase'
import { isRefusal } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../support/databases.js'
import { DAY_MS, MONDAY_NOON, openTestProgram } from '../support/test-program.js'
import { assertDone } from '../support/test-program-plugins.js'

const SILVER_FROM = 500
/** Silver earns 1.2 points a yuan: tenths of a point a yuan, by tier. */
const TENTHS = { regular: 10, silver: 12 }
type Tier = keyof typeof TENTHS

/** So many, or other for silver; null: none; undefined: as for everybody. */
interface Cap {
  readonly limit: number | null
  readonly silver?: number | null
}
interface Caps {
  readonly item: Cap | null
  readonly order: Cap | null
  readonly ordersPerDay: Cap | null
  readonly pointsPerDay: Cap | null
  readonly perWeek: Cap | null
}
interface Order {
  readonly day: number
  readonly lines: readonly { readonly yuan: number; readonly quantity: number }[]
}

function someCap(most: number): fc.Arbitrary<Cap | null> {
  const limit = fc.option(fc.integer({ min: 0, max: most }))
  return fc.option(fc.record({ limit, silver: limit }, { requiredKeys: ['limit'] }), { freq: 3 })
}
const someCaps: fc.Arbitrary<Caps> = fc.record({
  item: someCap(60),
  order: someCap(250),
  ordersPerDay: someCap(3),
  pointsPerDay: someCap(400),
  perWeek: someCap(900),
})
const someOrders: fc.Arbitrary<readonly Order[]> = fc.array(
  fc.record({
    day: fc.nat(2),
    lines: fc.array(
      fc.record({
        yuan: fc.integer({ min: 1, max: 120 }),
        quantity: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  { minLength: 4, maxLength: 9 },
)

const inPolicy = (cap: Cap | null) =>
  cap && { limit: cap.limit, ...('silver' in cap && { byTier: { silver: cap.silver } }) }

const limitOf = (cap: Cap | null, tier: Tier) =>
  (cap && tier === 'silver' && 'silver' in cap ? cap.silver : cap?.limit) ?? Infinity

/** What each order earns, counted by hand: whole tenths of points, and a list of all that was before. */
function expectedPoints(caps: Caps, orders: readonly Order[]): number[] {
  const earned: { day: number; points: number }[] = []
  let spent = 0
  for (const { day, lines } of orders) {
    const tier: Tier = spent >= SILVER_FROM ? 'silver' : 'regular'
    let tenths = 0
    for (const { yuan, quantity } of lines) {
      tenths += Math.min(yuan * TENTHS[tier], limitOf(caps.item, tier) * 10) * quantity
      spent += yuan * quantity
    }
    const own = Math.floor(Math.min(tenths, limitOf(caps.order, tier) * 10) / 10)
    const today = earned.filter((it) => it.day === day)
    const sum = (list: typeof earned) => list.reduce((all, { points }) => all + points, 0)
    const mayEarn =
      today.filter(({ points }) => points > 0).length < limitOf(caps.ordersPerDay, tier)
    const room = Math.min(
      limitOf(caps.pointsPerDay, tier) - sum(today),
      limitOf(caps.perWeek, tier) - sum(earned),
    )
    earned.push({ day, points: mayEarn ? Math.max(0, Math.min(own, room)) : 0 })
  }
  return earned.map(({ points }) => points)
}

describe.each(availableStores().filter((name) => name !== 'memory'))('E8: caps on %s', (store) => {
  it('hold to the point in any combination, by tier, and each cut is told', async () => {
    const { program, time } = await openTestProgram(store, { plugins: [purchase, checkIn] })
    time.now = MONDAY_NOON + 3 * DAY_MS
    let run = 0
    let cuts = 0
    await fc.assert(
      fc.asyncProperty(someCaps, someOrders, async (caps, orders) => {
        const memberId = `m${++run}`
        assertDone(await program.members.register({ id: memberId }))
        const updated = await program.policies.update({
          by: 'test',
          document: {
            tiers: {
              levels: [
                { id: 'regular', title: { en: 'Regular', zh: '普通' }, threshold: '0' },
                {
                  id: 'silver',
                  title: { en: 'Silver', zh: '银卡' },
                  threshold: `${SILVER_FROM}`,
                  earnMultiplier: '1.2',
                },
              ],
            },
            caps: {
              pointsPerDay: inPolicy(caps.pointsPerDay),
              ordersPerDay: inPolicy(caps.ordersPerDay),
              perSource:
                (caps.perWeek && {
                  purchase: [{ ...inPolicy(caps.perWeek), period: 'week' }],
                }) ??
                {},
            },
            sources: {
              purchase: {
                settings: {
                  pointsPerItem: inPolicy(caps.item),
                  pointsPerOrder: inPolicy(caps.order),
                },
              },
            },
          },
        })
        expect(updated).toHaveProperty('updated')
        // All at once: a member's events are decided in the order in which they came.
        const answers = await program.earnMany(
          orders.map(({ day, lines }, place) => ({
            source: 'purchase',
            memberId,
            event: {
              orderId: `${memberId}-${place}`,
              at: MONDAY_NOON + day * DAY_MS,
              currency: 'CNY',
              confirmed: true,
              lines: lines.map(({ yuan, quantity }, line) => ({
                id: `${line}`,
                article: 'a',
                quantity,
                unitPrice: `${yuan}`,
              })),
            },
          })),
        )
        const points = answers.map((answer) => {
          if (isRefusal(answer)) return answer.code
          const { explanation } = answer.transaction
          const millionths = explanation.map(({ points }) => Math.round(Number(points) * 1e6))
          expect(millionths.reduce((sum, it) => sum + it, 0)).toBe(answer.points * 1e6)
          cuts += explanation.filter(({ step }) => step.endsWith('cap')).length
          return answer.points
        })
        expect(points).toEqual(expectedPoints(caps, orders))
      }),
      { numRuns: 40 },
    )
    expect(cuts).toBeGreaterThan(40)
  })
})
