import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CouponOffer } from '../offer/coupon-offer.js'
import { couponSettings } from '../settings/coupon-settings.js'
import type { Coupon } from './coupon.js'
import { decideRelease } from './decide-release.js'
import { decideUse, type UsingOrder } from './decide-use.js'
import { newCoupon } from './new-coupon.js'

const NOW = Date.UTC(2026, 2, 1)
const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const order: UsingOrder = {
  orderId: 'o-1',
  orderMinor: 9_900,
  currency: 'CNY',
  fee: cny(800),
  now: NOW,
}
function issue(details: Partial<Extract<CouponOffer, { type: 'delivery' }>> = {}): Coupon {
  return newCoupon({
    settings: couponSettings.parse({}),
    offer: {
      id: 'free-delivery',
      title: { en: 'Free delivery', zh: '免运费' },
      details: { type: 'delivery', ...details },
      cashValueMinor: 800,
      currency: 'CNY',
    },
    redemption: { id: 'r-1', memberId: 'ada', points: 400, order: {}, at: NOW },
    calendar: openCalendar('Asia/Shanghai'),
    now: NOW,
  })
}
function use(coupon: Coupon, given: Partial<UsingOrder> = {}): Coupon {
  const decided = decideUse(coupon, { ...order, ...given })
  if (decided.refused) throw new Error(decided.code)
  return decided.coupon
}
const refusal = (coupon: Coupon, given: Partial<UsingOrder> = {}) => {
  const decided = decideUse(coupon, { ...order, ...given })
  return decided.refused ? [decided.code, decided.figures.field] : null
}

describe('R9: a coupon for delivery', () => {
  test('takes what it says off the fee, all of it where it says nothing, and never more', () => {
    const amount = fc.integer({ min: 1, max: 10_000 })
    fc.assert(
      fc.property(fc.option(amount), amount, amount, (offMinor, fee, orderMinor) => {
        const coupon = issue(offMinor === null ? {} : { offMinor })
        const { discountMinor } = use(coupon, { fee: cny(fee), orderMinor }).use!
        expect(discountMinor).toBe(offMinor === null ? fee : Math.min(fee, offMinor))
      }),
    )
  })

  test.each<[string, Partial<UsingOrder>, string[]]>([
    ['no fee', { fee: null }, ['DELIVERY_FEE_NEEDED', 'deliveryFee']],
    ['a fee of nothing', { fee: cny(0) }, ['DELIVERY_FEE_NEEDED', 'deliveryFee']],
    [
      'another currency',
      { fee: { amountMinor: 8, currency: 'USD' } },
      ['CURRENCY_NOT_SUPPORTED', 'deliveryFee'],
    ],
    ['too small an order', { orderMinor: 9_899 }, ['ORDER_BELOW_THRESHOLD', 'orderAmount']],
  ])('refuses %s, and stays as it is', (_, given, refused) => {
    expect(refusal(issue({ thresholdMinor: 9_900 }), given)).toEqual(refused)
  })

  test('L4: the same order again is the same answer, with another fee a mismatch', () => {
    const used = use(issue())
    expect(decideUse(used, order)).toEqual({ coupon: used, isNew: false })
    for (const fee of [null, cny(801), { amountMinor: 800, currency: 'USD' }]) {
      expect(refusal(used, { fee })).toEqual(['IDEMPOTENCY_MISMATCH', 'deliveryFee'])
    }
    expect(refusal(used, { orderId: 'o-2' })).toEqual(['COUPON_USED', undefined])
  })

  test('comes back with its order', () => {
    const back = decideRelease(use(issue()), { orderId: 'o-1', graceMs: 0, now: NOW })
    if (back.refused) throw new Error(back.code)
    expect(use(back.coupon, { orderId: 'o-2' }).use?.discountMinor).toBe(800)
  })

  test('others do not look at the fee', () => {
    const cash = { ...issue(), type: 'cash', amountMinor: 500 } as const
    const used = use(cash, { fee: cny(0) })
    expect(used.use).toMatchObject({ discountMinor: 500, feeMinor: null })
    expect(decideUse(used, { ...order, fee: cny(900) })).toEqual({ coupon: used, isNew: false })
  })
})
