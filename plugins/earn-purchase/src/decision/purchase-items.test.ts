import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PurchaseLine, purchaseEvent } from '../event/purchase-event.js'
import { purchaseSettings } from '../settings/purchase-settings.js'
import { orderAmounts } from './order-amounts.js'
import { purchaseItems } from './purchase-items.js'
import { purchasePoints } from './purchase-points.js'

const AT = Date.parse('2026-01-05T12:00:00+08:00')
const calendar = openCalendar('Asia/Shanghai')

function facts(
  lines: readonly Partial<PurchaseLine>[],
  { settings = {}, extraPoints = 0, paidWithCoupons = 0, tier = '1' } = {},
) {
  return {
    event: purchaseEvent.parse({
      orderId: 'o',
      at: AT,
      currency: 'CNY',
      lines: lines.map((line, n) => ({ id: `${n}`, article: 'tea', quantity: 1, ...line })),
      paidWithCoupons: `${paidWithCoupons}.00 CNY`,
    }),
    settings: purchaseSettings.parse(settings),
    member: {
      id: 'ann',
      joinedAt: 0,
      region: null,
      staff: false,
      birthday: null,
      tier: { id: 'regular', earnMultiplier: tier, birthdayMultiplier: '1' },
      segments: [],
      campaigns: extraPoints > 0 ? [{ id: 'spring', multiplier: '1', extraPoints }] : [],
    },
    calendar,
  }
}

describe('E8: what the articles of an order earn', () => {
  it('is exact, line by line, before rounding, with a campaign’s extra beside it', () => {
    const order = facts(
      [
        { unitPrice: '33.33', quantity: 2 },
        { unitPrice: '10', article: 'cup', quantity: 3, returned: 1 },
      ],
      { extraPoints: 7, tier: '1.5' },
    )
    expect(purchaseItems(order)).toEqual({
      items: [
        { id: 'tea', points: '99.99' },
        { id: 'cup', points: '30' },
      ],
      besides: 7,
      rounding: 'floor',
    })
  })

  it('is rounded up where six places do not hold it', () => {
    const order = facts([{ unitPrice: '1' }], { settings: { spendPerPoint: '3' } })
    expect(purchaseItems(order).items).toEqual([{ id: 'tea', points: '0.333334' }])
  })

  it('is nothing where nothing was paid, without a campaign’s extra', () => {
    const free = facts([{ unitPrice: '5' }], { paidWithCoupons: 9, extraPoints: 7 })
    expect(purchaseItems(free)).toMatchObject({ items: [{ points: '0' }], besides: 0 })
    expect(purchaseItems(facts([{ unitPrice: '0' }], { extraPoints: 7 }))).toMatchObject({
      items: [],
      besides: 0,
    })
  })

  it('comes together to what the order earns, and is never more after a return', () => {
    const lines = fc.array(
      fc.record({
        unitPrice: fc.nat(20_000).map((it) => `${Math.floor(it / 100)}.${it % 100}`),
        quantity: fc.integer({ min: 2, max: 5 }),
        article: fc.constantFrom('tea', 'cup'),
      }),
      { minLength: 1, maxLength: 4 },
    )
    const roundings = fc.constantFrom('floor', 'half-up', 'ceil')
    const limits = fc.option(fc.nat(200))
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('1', '3', '0.7'),
        roundings,
        limits,
        fc.nat(50),
        (list, spendPerPoint, rounding, limit, paidWithCoupons) => {
          const settings = { spendPerPoint, rounding, pointsPerItem: { limit } }
          const more = { settings, extraPoints: 3, paidWithCoupons }
          const whole = facts(list, more)
          const { items, besides } = purchaseItems(whole)
          const sum = items.reduce((all, { points }) => all + Number(points), 0)
          const { points } = purchasePoints(whole, orderAmounts(whole.event))
          const round = { floor: Math.floor, 'half-up': Math.round, ceil: Math.ceil }[rounding]
          // Six places lose less than a point, and never one to the member's harm.
          const made = round(Number(sum.toFixed(6))) + besides
          expect(made - points.toNumber()).toBeGreaterThanOrEqual(0)
          expect(made - points.toNumber()).toBeLessThanOrEqual(1)
          const returned = facts(
            list.map((line) => ({ ...line, returned: 1 })),
            more,
          )
          for (const [place, item] of purchaseItems(returned).items.entries()) {
            expect(Number(item.points)).toBeLessThanOrEqual(Number(items[place]!.points))
          }
        },
      ),
    )
  })
})
