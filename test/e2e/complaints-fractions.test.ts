import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { goods, openShop, type Shop } from '../support/shop.js'

/**
 * What users of other systems complained about: fractions left over. Orders at odd rates are returned
 * part by part in any order, and held against fractions of whole numbers that were written from E2 and
 * L5 alone: rounded once an order, never a part of it; what a return takes is what stood less what
 * stands; what earned nothing (points, coupons, taxes) goes down with its goods.
 */

type Fraction = readonly [top: bigint, bottom: bigint]
const of = (decimal: string): Fraction => {
  const [units = '0', places = ''] = decimal.split('.')
  return [BigInt(units + places), 10n ** BigInt(places.length)]
}
const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d]
const over = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d, b * c]
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d + c * b, b * d]
const minus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d - c * b, b * d]

const ROUNDINGS = {
  floor: ([a, b]: Fraction) => a / b,
  ceil: ([a, b]: Fraction) => (a + b - 1n) / b,
  'half-up': ([a, b]: Fraction) => (2n * a + b) / (2n * b),
}
type Rounding = keyof typeof ROUNDINGS

const SPEND_PER_POINT = '0.7'
const CATEGORIES: Record<string, string> = { tea: '1.333333', cup: '0.1', tin: '2.7' }
const REGIONS: Record<string, string> = { 'class-1': '1', 'class-3': '1.2', 'class-4': '0.777777' }
const TIER = '1.15'

interface Line {
  readonly price: string
  readonly quantity: number
  readonly category: string
}
interface Order {
  readonly lines: readonly Line[]
  readonly region: string
  /** Of the goods, in percent, paid with points, with coupons, and as taxes. */
  readonly shares: readonly [number, number, number]
  /** Pieces in the order in which they come back, by line; how many at once. */
  readonly comesBack: readonly { readonly line: number; readonly pieces: number }[]
}

const line: fc.Arbitrary<Line> = fc.record({
  price: fc
    .tuple(fc.nat(200), fc.nat(9_999), fc.constantFrom(0, 1, 2, 4))
    .map(([units, rest, places]) =>
      places === 0 ? `${units}` : `${units}.${`${rest}`.padStart(4, '0').slice(0, places)}`,
    ),
  quantity: fc.integer({ min: 1, max: 7 }),
  category: fc.constantFrom('tea', 'cup', 'tin', 'none'),
})
const share = fc.oneof(fc.constant(0), fc.nat(60))
const order: fc.Arbitrary<Order> = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
  region: fc.constantFrom(...Object.keys(REGIONS)),
  shares: fc.tuple(share, share, share),
  comesBack: fc.array(fc.record({ line: fc.nat(3), pieces: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 3,
    maxLength: 6,
  }),
})

const goodsOf = (lines: readonly Line[], kept: readonly number[]) =>
  lines.reduce<Fraction>(
    (sum, { price }, place) => plus(sum, times(of(price), [BigInt(kept[place]!), 1n])),
    [0n, 1n],
  )

/** Money of two places: cents, cut off. */
function centsOf(order: Order): bigint[] {
  const [top, bottom] = goodsOf(
    order.lines,
    order.lines.map(({ quantity }) => quantity),
  )
  return order.shares.map((percent) => (top * BigInt(percent)) / bottom)
}

/** What the order earns with so much of it kept. */
function standing(order: Order, kept: readonly number[], rounding: Rounding): number {
  const bought = goodsOf(
    order.lines,
    order.lines.map(({ quantity }) => quantity),
  )
  if (bought[0] === 0n) return 0
  const spent = centsOf(order).reduce((sum, cents) => sum + cents, 0n)
  const earning = minus(bought, [spent, 100n])
  if (earning[0] <= 0n) return 0
  let weighed: Fraction = [0n, 1n]
  for (const [place, { price, category }] of order.lines.entries()) {
    const worth = times(of(price), [BigInt(kept[place]!), 1n])
    weighed = plus(weighed, times(worth, of(CATEGORIES[category] ?? '1')))
  }
  const rate = times(of(REGIONS[order.region]!), of(TIER))
  const share = over(earning, bought)
  const points = times(times(over(weighed, of(SPEND_PER_POINT)), rate), share)
  return Number(ROUNDINGS[rounding](points))
}

const stores = availableStores().filter((name) => name !== 'memory')
const SETTINGS = stores.flatMap((store) =>
  (store === 'sqlite' ? (['floor', 'half-up'] as const) : (['floor', 'ceil'] as const)).map(
    (rounding) => ({ store, rounding }),
  ),
)

// What fails is shortened first, which takes its time.
describe.each(SETTINGS)('fractions left over, on $store with $rounding', ({ store, rounding }) => {
  let shop: Shop
  let run = 0

  beforeAll(async () => {
    const title = { en: 'Regular', zh: '普通' }
    shop = await openShop(store, {
      tiers: { levels: [{ id: 'regular', title, threshold: '0', earnMultiplier: TIER }] },
      sources: {
        purchase: {
          settings: {
            spendPerPoint: SPEND_PER_POINT,
            categoryRates: CATEGORIES,
            regionRates: REGIONS,
            rounding,
          },
        },
      },
    })
  })
  afterAll(() => shop.close())

  it('none is lost and none is made, by any rate, any share, any order of returns', async () => {
    const { now } = shop.servers[0]!.time
    let rounded = 0
    await fc.assert(
      fc.asyncProperty(fc.array(order, { minLength: 20, maxLength: 20 }), async (orders) => {
        const ann = `ann-${++run}`
        await shop.register(ann)
        const kept = orders.map(({ lines }) => lines.map(({ quantity }) => quantity))
        const stands = orders.map((order, place) => standing(order, kept[place]!, rounding))
        const recorded = (await shop.ask(run, 'record', {
          input: orders.map((order, place) =>
            asInput(order, { ann, name: `${ann}-${place}`, now }),
          ),
        })) as unknown as Data[]
        expect(recorded.map(({ points, code }) => code ?? points)).toEqual(stands)
        for (const { points, transaction } of recorded) {
          expect(sumOfSteps(transaction)).toBe(points * 1e6)
          rounded += transaction.explanation.some(({ step }: Data) => step === 'rounding') ? 1 : 0
        }
        expect(await shop.balance(ann)).toMatchObject({ available: sum(stands), debt: 0 })

        // A part of every order at a time, and at last whatever is left of them.
        for (const turn of [0, 1, 2, 3, 4, 5, 'rest'] as const) {
          const input: object[] = []
          const expected: number[] = []
          for (const [place, { lines, comesBack }] of orders.entries()) {
            const left = kept[place]!
            const back = left.map(() => 0)
            if (turn === 'rest') back.splice(0, back.length, ...left)
            else if (comesBack[turn]) {
              const at = comesBack[turn].line % lines.length
              back[at] = Math.min(left[at]!, comesBack[turn].pieces)
            }
            const returned = back
              .map((quantity, at) => ({ line: `${at}`, quantity }))
              .filter(({ quantity }) => quantity > 0)
            if (returned.length === 0) continue
            kept[place] = left.map((pieces, at) => pieces - back[at]!)
            const after = standing(orders[place]!, kept[place]!, rounding)
            expected.push(after - stands[place]!)
            stands[place] = after
            input.push({ orderId: `${ann}-${place}`, returnId: `r-${turn}`, lines: returned })
          }
          if (input.length === 0) continue
          const answers = (await shop.ask(run + 1, 'giveBack', { input })) as unknown as Data[]
          expect(answers.map(({ points, code }) => code ?? points)).toEqual(expected)
          expect(await shop.balance(ann)).toMatchObject({ available: sum(stands), debt: 0 })
        }
        expect(await shop.balance(ann)).toMatchObject({ available: 0, debt: 0 })
      }),
      { numRuns: 4 },
    )
    expect(rounded).toBeGreaterThan(20)
  })
})

function asInput(order: Order, { ann, name, now }: { ann: string; name: string; now: number }) {
  const [paidWithPoints, paidWithCoupons, includedTax] = centsOf(order).map(
    (cents) => `${cents / 100n}.${`${cents % 100n}`.padStart(2, '0')} CNY`,
  )
  const lines = order.lines.map(({ price, quantity, category }, place) => ({
    id: `${place}`,
    quantity,
    unitPrice: price,
    category,
  }))
  const more = { region: order.region, paidWithPoints, paidWithCoupons, includedTax }
  return goods(ann, name, now, lines, more)
}

/** In millionths: steps have six places at the most. */
function sumOfSteps(transaction: Data): number {
  return sum(
    transaction.explanation.map(({ points }: Data) => Math.round(Number(points) * 1e6)) as number[],
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
