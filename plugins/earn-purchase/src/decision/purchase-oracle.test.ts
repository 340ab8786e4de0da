/**
 * What an order earns, computed a second time and in another way: straight from E2, with whole-number
 * fractions of BigInt, piece by piece, on a plain description of the case. Nothing of the product's
 * arithmetic is used here.
 */
import { type Grant, isRefusal, openCalendar, runDecision } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { purchaseEvent } from '../event/purchase-event.js'
import { purchase } from '../purchase.js'
import { purchaseSettings } from '../settings/purchase-settings.js'

// ── Fractions ───────────────────────────────────────────────────────────────────────────────

type Fraction = readonly [top: bigint, bottom: bigint]

const fraction = (decimal: string): Fraction => {
  const [whole = '0', places = ''] = decimal.split('.')
  return [BigInt(whole + places), 10n ** BigInt(places.length)]
}
const whole = (value: number | bigint): Fraction => [BigInt(value), 1n]
const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d]
const over = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d, b * c]
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d + c * b, b * d]
const less = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d < c * b
const least = (a: Fraction, b: Fraction): Fraction => (less(b, a) ? b : a)
const minus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d - c * b, b * d]
const noneBelowZero = (value: Fraction): Fraction => (value[0] < 0n ? [0n, 1n] : value)
const rounded = ([a, b]: Fraction, rounding: string): bigint => {
  const down = a / b
  const rest = a - down * b
  if (rounding === 'ceil') return rest > 0n ? down + 1n : down
  if (rounding === 'half-up') return rest * 2n >= b ? down + 1n : down
  return down
}

// ── Cases ───────────────────────────────────────────────────────────────────────────────────

interface Line {
  readonly price: string
  readonly bought: number
  readonly returned: number
  readonly category: string | undefined
}
interface Case {
  readonly lines: readonly Line[]
  readonly tax: number
  readonly points: number
  readonly coupons: number
  readonly spendPerPoint: string
  readonly categoryRates: Readonly<Record<string, string>>
  readonly regionRate: string
  readonly staff: boolean
  readonly staffRate: string
  readonly tierRate: string
  readonly onBirthday: boolean
  readonly birthdayRate: string
  readonly campaigns: readonly { readonly multiplier: string; readonly extraPoints: number }[]
  readonly itemLimit: number | null
  readonly orderLimit: number | null
  readonly rounding: 'floor' | 'half-up' | 'ceil'
}

const decimals = (most: number, places: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 10 ** places - 1 }))
    .map(([units, rest]) => `${units}.${String(rest).padStart(places, '0')}`)
const rates = fc.oneof(fc.constantFrom('1', '1.2', '1.5', '2', '0'), decimals(3, 6))

const lines: fc.Arbitrary<Line> = fc
  .record({
    price: fc.oneof(decimals(2_000, 4), decimals(500, 2), fc.constant('0')),
    bought: fc.integer({ min: 1, max: 12 }),
    back: fc.nat(12),
    category: fc.constantFrom(undefined, 'tea', 'cup', 'book'),
  })
  .map(({ price, bought, back, category }) => ({
    price,
    bought,
    returned: Math.min(bought, back),
    category,
  }))

const cases: fc.Arbitrary<Case> = fc.record({
  lines: fc.array(lines, { minLength: 1, maxLength: 8 }),
  tax: fc.oneof(fc.constant(0), fc.nat(100_000)),
  points: fc.oneof(fc.constant(0), fc.nat(500_000)),
  coupons: fc.oneof(fc.constant(0), fc.nat(500_000)),
  spendPerPoint: fc
    .oneof(fc.constantFrom('1', '10', '0.5', '3', '7'), decimals(20, 4))
    .filter((value) => Number(value) > 0),
  categoryRates: fc.dictionary(fc.constantFrom('tea', 'cup'), rates),
  regionRate: rates,
  staff: fc.boolean(),
  staffRate: rates,
  tierRate: rates,
  onBirthday: fc.boolean(),
  birthdayRate: rates,
  campaigns: fc.array(fc.record({ multiplier: rates, extraPoints: fc.nat(200) }), { maxLength: 3 }),
  itemLimit: fc.option(fc.nat(2_000)),
  orderLimit: fc.option(fc.nat(20_000)),
  rounding: fc.constantFrom('floor', 'half-up', 'ceil'),
})

// ── The oracle ──────────────────────────────────────────────────────────────────────────────

function expected(input: Case): { points: bigint; qualifyingMinor: bigint } {
  let goods = whole(0)
  let kept = whole(0)
  for (const { price, bought, returned } of input.lines) {
    goods = plus(goods, times(fraction(price), whole(bought)))
    kept = plus(kept, times(fraction(price), whole(bought - returned)))
  }
  const minor = (amount: number): Fraction => [BigInt(amount), 100n]
  const paid = noneBelowZero(minus(minus(goods, minor(input.points)), minor(input.coupons)))
  if (goods[0] === 0n) return { points: 0n, qualifyingMinor: 0n }
  const earningShare = over(noneBelowZero(minus(paid, minor(input.tax))), goods)
  const paidShare = over(paid, goods)

  let sum = whole(0)
  for (const { price, bought, returned, category } of input.lines) {
    for (let piece = 0; piece < bought - returned; piece += 1) {
      let points = over(fraction(price), fraction(input.spendPerPoint))
      if (category) points = times(points, fraction(input.categoryRates[category] ?? '1'))
      points = times(points, fraction(input.regionRate))
      if (input.staff) points = times(points, fraction(input.staffRate))
      points = times(points, fraction(input.tierRate))
      if (input.onBirthday) points = times(points, fraction(input.birthdayRate))
      for (const { multiplier } of input.campaigns) points = times(points, fraction(multiplier))
      points = times(points, earningShare)
      if (input.itemLimit !== null) points = least(points, whole(input.itemLimit))
      sum = plus(sum, points)
    }
  }
  if (sum[0] > 0n) {
    for (const { extraPoints } of input.campaigns) sum = plus(sum, whole(extraPoints))
  }
  if (input.orderLimit !== null) sum = least(sum, whole(input.orderLimit))
  return {
    points: rounded(sum, input.rounding),
    qualifyingMinor: rounded(times(times(kept, paidShare), whole(100)), 'floor'),
  }
}

// ── The product ─────────────────────────────────────────────────────────────────────────────

const AT = Date.parse('2021-05-03T10:00:00+08:00')

function decided(input: Case): Grant {
  const decision = runDecision(purchase, {
    settings: purchaseSettings.parse({
      spendPerPoint: input.spendPerPoint,
      categoryRates: input.categoryRates,
      regionRates: { 'class-3': input.regionRate },
      staffRate: input.staffRate,
      rounding: input.rounding,
      pointsPerOrder: { limit: input.orderLimit },
      pointsPerItem: { limit: input.itemLimit },
    }),
    event: purchaseEvent.parse({
      orderId: 'o-1',
      at: AT,
      currency: 'CNY',
      region: 'class-3',
      lines: input.lines.map(({ price, bought, returned, category }, index) => ({
        id: String(index),
        article: 'thing',
        quantity: bought,
        unitPrice: price,
        category,
        returned,
      })),
      includedTax: { amountMinor: input.tax, currency: 'CNY' },
      paidWithPoints: { amountMinor: input.points, currency: 'CNY' },
      paidWithCoupons: { amountMinor: input.coupons, currency: 'CNY' },
    }),
    member: {
      id: 'm-1',
      joinedAt: 0,
      region: null,
      staff: input.staff,
      birthday: input.onBirthday ? { month: 5, day: 3 } : { month: 5, day: 4 },
      tier: { id: 't', earnMultiplier: input.tierRate, birthdayMultiplier: input.birthdayRate },
      segments: [],
      campaigns: input.campaigns.map((campaign, index) => ({ id: `c-${index}`, ...campaign })),
    },
    memory: {},
    calendar: openCalendar('Asia/Shanghai'),
    now: AT,
    currency: 'CNY',
  })
  if (isRefusal(decision)) throw new Error(decision.code)
  return decision
}

describe('E2: an independent account of the same orders', () => {
  it('E11: what campaigns added is whole, and with what is earned without them the whole', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { points, campaigns = [] } = decided(input)
        const added = campaigns.reduce((sum, it) => sum + it.points, 0)
        expect(added).toBeLessThanOrEqual(points)
        for (const it of campaigns) expect(it.extra).toBeLessThanOrEqual(it.points)
        const lessens = input.campaigns.some(({ multiplier }) => Number(multiplier) < 1)
        const without = expected({ ...input, campaigns: [] }).points
        if (!lessens) expect(BigInt(points - added)).toBe(without)
      }),
      { numRuns: 500 },
    )
  })

  it('comes to the same points and the same qualifying spend', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { points, qualifyingMinor } = decided(input)
        expect({ points: BigInt(points), qualifyingMinor: BigInt(qualifyingMinor ?? 0) }).toEqual(
          expected(input),
        )
      }),
      { numRuns: 1_500 },
    )
  })

  it('L9: the steps sum to the points exactly, whatever the rates', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { points, because } = decided(input)
        let sum = whole(0)
        for (const step of because) {
          const text = String(step.points)
          const amount = fraction(text.replace('-', ''))
          sum = text.startsWith('-') ? minus(sum, amount) : plus(sum, amount)
        }
        expect(sum[0]).toBe(BigInt(points) * sum[1])
      }),
      { numRuns: 500 },
    )
  })

  it('same input, same decision', () => {
    fc.assert(
      fc.property(cases, (input) => {
        expect(decided(input)).toEqual(decided(structuredClone(input)))
      }),
      { numRuns: 200 },
    )
  })

  it('is not itself always right: a wrong oracle is found out', () => {
    const wrong = (input: Case) => expected({ ...input, tierRate: '1' }).points
    const found = fc.check(
      fc.property(cases, (input) => BigInt(decided(input).points) === wrong(input)),
    )
    expect(found.failed).toBe(true)
  })
})
