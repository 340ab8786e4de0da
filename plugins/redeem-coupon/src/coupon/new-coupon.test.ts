import { openCalendar } from '@pointwell/plugin'
import { describe, expect, test } from 'vitest'
import type { CouponOffer } from '../offer/coupon-offer.js'
import { type CouponSettings, couponSettings } from '../settings/coupon-settings.js'
import { newCoupon } from './new-coupon.js'

const calendar = openCalendar('Asia/Shanghai')
/** 10 in the evening of the 1st of March in Shanghai. */
const NOW = Date.parse('2026-03-01T22:00:00+08:00')

function issue(details: CouponOffer, settings: Partial<CouponSettings> = {}, now = NOW) {
  return newCoupon({
    settings: couponSettings.parse(settings),
    offer: {
      id: 'offer-1',
      title: { en: 'A coupon', zh: '优惠券' },
      details,
      cashValueMinor: 5_000,
      currency: 'CNY',
    },
    redemption: { id: 'r-1', memberId: 'ada', points: 2_500, order: {}, at: now },
    calendar,
    now,
  })
}

describe('R9: what is issued', () => {
  test('full reduction: its amount, and the order it needs', () => {
    expect(issue({ type: 'full-reduction', offMinor: 5_000, thresholdMinor: 20_000 })).toEqual({
      code: expect.stringMatching(/^CP[0-9A-HJKMNP-TV-Z]{16}$/),
      redemptionId: 'r-1',
      memberId: 'ada',
      offerId: 'offer-1',
      title: { en: 'A coupon', zh: '优惠券' },
      type: 'full-reduction',
      amountMinor: 5_000,
      thresholdMinor: 20_000,
      currency: 'CNY',
      issuedAt: NOW,
      expiresAt: Date.parse('2026-05-31T00:00:00+08:00'),
      extended: false,
      status: 'issued',
      use: null,
      card: null,
      activation: null,
      releasedOrderId: null,
      voidedAt: null,
      version: 1,
    })
  })

  test.each([
    ['lost', 0],
    ['order-covers', 3_000],
  ] as const)('cash, remainder %s: needs an order of %i', (cashRemainder, thresholdMinor) => {
    expect(issue({ type: 'cash', worthMinor: 3_000 }, { cashRemainder })).toMatchObject({
      amountMinor: 3_000,
      thresholdMinor,
    })
  })

  test('direct deduction needs no order of any size, whatever the rule for cash', () => {
    const details = { type: 'direct-deduction', offMinor: 800 } as const
    expect(issue(details, { cashRemainder: 'order-covers' })).toMatchObject({
      amountMinor: 800,
      thresholdMinor: 0,
    })
  })

  test('two coupons have two codes; the prefix is the operator’s', () => {
    const details = { type: 'cash', worthMinor: 1 } as const
    const one = issue(details, { codePrefix: 'SPR1NG' })
    expect(one.code).toMatch(/^SPR1NG/)
    expect(issue(details, { codePrefix: 'SPR1NG' }).code).not.toBe(one.code)
  })
})

describe('R9: how long it lasts', () => {
  const cash = { type: 'cash', worthMinor: 100 } as const
  const expiry = (details: CouponOffer, settings?: Partial<CouponSettings>, now?: number) =>
    new Date(issue(details, settings, now).expiresAt).toISOString()

  test('days after the day of issue, to the end of that day in the programme’s zone', () => {
    expect(expiry({ ...cash, validity: { days: 1 } })).toBe('2026-03-02T16:00:00.000Z')
    const midnight = Date.parse('2026-03-01T00:00:00+08:00')
    expect(expiry({ ...cash, validity: { days: 1 } }, {}, midnight)).toBe(
      '2026-03-02T16:00:00.000Z',
    )
  })

  test('the settings say where the offer does not', () => {
    expect(expiry(cash, { validityDays: 2 })).toBe('2026-03-03T16:00:00.000Z')
    expect(expiry({ ...cash, validity: { days: 1 } }, { validityDays: 2 })).toBe(
      '2026-03-02T16:00:00.000Z',
    )
  })

  test('up to and with a fixed day', () => {
    expect(expiry({ ...cash, validity: { until: '2026-03-01' } })).toBe('2026-03-01T16:00:00.000Z')
    expect(expiry({ ...cash, validity: { until: '2999-12-31' } })).toBe('2999-12-31T16:00:00.000Z')
  })

  test('one whose last day is over is never issued', () => {
    expect(issue({ ...cash, validity: { until: '2026-03-01' } }).status).toBe('issued')
    expect(issue({ ...cash, validity: { until: '2026-02-28' } }).status).toBe('never')
    const end = Date.parse('2026-03-02T00:00:00+08:00')
    expect(issue({ ...cash, validity: { until: '2026-03-01' } }, {}, end - 1).status).toBe('issued')
    expect(issue({ ...cash, validity: { until: '2026-03-01' } }, {}, end).status).toBe('never')
  })
})
