import { isRefusal, openCalendar, runDecision, runReturn } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../../test/support/runs.js'
import { type PurchaseEvent, type PurchaseReturn, purchaseEvent } from '../event/purchase-event.js'
import { purchase } from '../purchase.js'
import { purchaseSettings } from '../settings/purchase-settings.js'
import { withoutReturned } from './without-returned.js'

const AT = Date.parse('2021-05-03T10:00:00+08:00')
const order = (event: object = {}): PurchaseEvent =>
  purchaseEvent.parse({
    orderId: 'o-1',
    at: AT,
    currency: 'CNY',
    lines: [
      { id: 'a', article: 'tea', quantity: 3, unitPrice: '20' },
      { id: 'b', article: 'cup', quantity: 1, unitPrice: '40' },
    ],
    ...event,
  })
const back = (
  returnId: string,
  ...lines: Array<[line: string, quantity: number]>
): PurchaseReturn => ({
  returnId,
  lines: lines.map(([line, quantity]) => ({ line, quantity })),
})
const returnedOf = (event: unknown) =>
  (event as PurchaseEvent).lines.map(({ returned }) => returned)

describe('L5: an order without what was returned', () => {
  it('keeps its lines, and says how many of each came back', () => {
    const event = order()
    const reduced = withoutReturned(event, [back('r-1', ['a', 1]), back('r-2', ['a', 1], ['b', 1])])
    expect(returnedOf(reduced)).toEqual([2, 1])
    expect(event).toEqual(order())
  })

  it('keeps what it says itself came back, and counts what comes back from there', () => {
    const lines = [{ id: 'a', article: 'tea', quantity: 3, unitPrice: '20', returned: 1 }]
    expect(returnedOf(withoutReturned(order({ lines }), [back('r-1', ['a', 1])]))).toEqual([2])
    expect(withoutReturned(order({ lines }), [back('r-1', ['a', 3])])).toMatchObject({
      code: 'RETURN_EXCEEDS_PURCHASE',
      figures: { available: 2, needed: 3 },
    })
  })

  it('has nothing left when everything is taken back', () => {
    expect(returnedOf(withoutReturned(order(), 'all'))).toEqual([3, 1])
  })

  it('adds up when a return names a line twice', () => {
    expect(returnedOf(withoutReturned(order(), [back('r-1', ['a', 1], ['a', 2])]))).toEqual([3, 0])
  })

  it('is an event like any other: the schema takes it', () => {
    const reduced = withoutReturned(order({ includedTax: '5 CNY' }), [back('r-1', ['a', 1])])
    expect(purchaseEvent.parse(reduced)).toEqual(reduced)
  })

  it('refuses a line that was never bought, and names it', () => {
    expect(withoutReturned(order(), [back('r-1', ['a', 1], ['z', 1])])).toEqual({
      refused: true,
      code: 'ORDER_LINE_NOT_FOUND',
      figures: { field: 'lines.1.line' },
    })
  })

  it.each([
    ['in one', [back('r-1', ['a', 4])], { field: 'lines.0.quantity', available: 3, needed: 4 }],
    [
      'in two',
      [back('r-1', ['a', 2]), back('r-2', ['b', 1], ['a', 2])],
      { field: 'lines.1.quantity', available: 1, needed: 2 },
    ],
    [
      'again',
      [back('r-1', ['b', 1]), back('r-2', ['b', 1])],
      { field: 'lines.0.quantity', available: 0, needed: 1 },
    ],
    [
      'by naming it twice',
      [back('r-1', ['a', 2], ['a', 2])],
      { field: 'lines.1.quantity', available: 1, needed: 2 },
    ],
  ])('refuses more than was bought: %s', (_, taken, figures) => {
    expect(withoutReturned(order(), taken)).toEqual({
      refused: true,
      code: 'RETURN_EXCEEDS_PURCHASE',
      figures,
    })
  })

  it('names a return by its id', () => {
    expect(purchase.returns?.key(back('r-1', ['a', 1]))).toBe('r-1')
    expect(purchase.once({ event: order(), calendar: openCalendar('UTC'), now: AT })).toBe('o-1')
  })
})

// ── Any way of returning ────────────────────────────────────────────────────────────────────

const rates = fc.constantFrom('0', '0.3', '1', '1.2', '1.5', '2')
const prices = fc
  .tuple(fc.nat(300), fc.nat(9_999))
  .map(([units, rest]) => `${units}.${String(rest).padStart(4, '0')}`)

const orders = fc.record({
  lines: fc.array(
    fc.record({
      unitPrice: prices,
      quantity: fc.integer({ min: 1, max: 6 }),
      category: fc.constantFrom('tea', 'cup'),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  tax: fc.nat(20_000),
  points: fc.nat(50_000),
  coupons: fc.nat(50_000),
  categoryRate: rates,
  tierRate: rates,
  campaigns: fc.array(
    fc.record({ id: fc.constant('c'), multiplier: rates, extraPoints: fc.nat(100) }),
    { maxLength: 2 },
  ),
  itemLimit: fc.option(fc.nat(300)),
  orderLimit: fc.option(fc.nat(1_500)),
  rounding: fc.constantFrom('floor', 'half-up', 'ceil'),
  /** Pieces are sent back in this order, and returns end after these. */
  shuffle: fc.array(fc.nat(1_000), { minLength: 36, maxLength: 36 }),
  cuts: fc.array(fc.boolean(), { minLength: 36, maxLength: 36 }),
})
type Order = typeof orders extends fc.Arbitrary<infer T> ? T : never

const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })

function eventOf(input: Order): PurchaseEvent {
  return order({
    lines: input.lines.map((line, index) => ({ id: `${index}`, article: 'thing', ...line })),
    includedTax: cny(input.tax),
    paidWithPoints: cny(input.points),
    paidWithCoupons: cny(input.coupons),
  })
}

function standing(input: Order, event: unknown): { points: number; minor: number } {
  const decision = runDecision(purchase, {
    event,
    settings: purchaseSettings.parse({
      categoryRates: { tea: input.categoryRate },
      rounding: input.rounding,
      pointsPerItem: { limit: input.itemLimit },
      pointsPerOrder: { limit: input.orderLimit },
    }),
    member: {
      id: 'm-1',
      joinedAt: 0,
      region: null,
      staff: false,
      birthday: null,
      tier: { id: 't', earnMultiplier: input.tierRate, birthdayMultiplier: '2' },
      segments: [],
      campaigns: input.campaigns,
    },
    memory: {},
    calendar: openCalendar('Asia/Shanghai'),
    now: AT,
    currency: 'CNY',
  })
  if (isRefusal(decision)) throw new Error(decision.code)
  return { points: decision.points, minor: decision.qualifyingMinor ?? 0 }
}

/** All pieces of an order in some order, cut into returns somewhere. */
function returnsOf(input: Order, shuffle: readonly number[]): PurchaseReturn[] {
  const pieces = input.lines
    .flatMap(({ quantity }, line) => Array.from({ length: quantity }, () => String(line)))
    .map((line, index) => ({ line, rank: shuffle[index] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
  const returns: PurchaseReturn[] = []
  for (const [index, { line }] of pieces.entries()) {
    const open = returns.at(-1)
    if (open && !input.cuts[index]) open.lines.push({ line, quantity: 1 })
    else returns.push(back(`r-${index}`, [line, 1]))
  }
  return returns
}

describe('L5: any way of returning', () => {
  it('ends where the full return ends, at nothing; on the way points never rise, nor fall below 0', () => {
    fc.assert(
      fc.property(orders, (input) => {
        const event = eventOf(input)
        const granted = standing(input, event)
        const returns = returnsOf(input, input.shuffle)
        let before = granted
        for (let count = 1; count <= returns.length; count += 1) {
          const reduced = runReturn(purchase, event, returns.slice(0, count))
          const now = standing(input, reduced)
          expect(now.points).toBeGreaterThanOrEqual(0)
          expect(now.points).toBeLessThanOrEqual(before.points)
          expect(now.minor).toBeLessThanOrEqual(before.minor)
          before = now
        }
        expect(before).toEqual({ points: 0, minor: 0 })
        expect(standing(input, withoutReturned(event, 'all'))).toEqual({ points: 0, minor: 0 })
      }),
      { numRuns: runs(200) },
    )
  })

  it('does not depend on the order of returns, nor on how they are cut', () => {
    fc.assert(
      fc.property(orders, fc.nat(35), (input, pieces) => {
        const event = eventOf(input)
        const one = returnsOf({ ...input, cuts: input.cuts.map(() => true) }, input.shuffle).slice(
          0,
          pieces,
        )
        const together = [
          back(
            'r-all',
            ...one.flatMap(({ lines }) => lines.map((l): [string, number] => [l.line, l.quantity])),
          ),
        ]
        const inTurn = standing(input, runReturn(purchase, event, one))
        expect(standing(input, runReturn(purchase, event, one.toReversed()))).toEqual(inTurn)
        if (one.length > 0)
          expect(standing(input, runReturn(purchase, event, together))).toEqual(inTurn)
      }),
      { numRuns: 200 },
    )
  })
})
