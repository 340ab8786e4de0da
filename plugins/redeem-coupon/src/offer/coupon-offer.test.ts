import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { couponOffer } from './coupon-offer.js'

const pathsOf = (details: unknown) => {
  const { error } = couponOffer.safeParse(details)
  return error?.issues.map(({ path }) => path.join('.')) ?? []
}

describe('R9: what an offer of coupons says', () => {
  test.each([
    { type: 'full-reduction', offMinor: 5_000, thresholdMinor: 20_000 },
    { type: 'full-reduction', offMinor: 5_000, thresholdMinor: 5_000, validity: { days: 30 } },
    { type: 'cash', worthMinor: 1, validity: { until: '2026-12-31' } },
    { type: 'direct-deduction', offMinor: Number.MAX_SAFE_INTEGER },
    { type: 'delivery' },
    { type: 'delivery', offMinor: 800, thresholdMinor: 9_900, validity: { days: 1 } },
    { type: 'rate-up', factor: '1.5', days: 7 },
    { type: 'rate-up', factor: '10', days: 3_660, orders: 1, sources: ['purchase'] },
    { type: 'expiry-extension', days: 30, withinDays: 30 },
    { type: 'expiry-extension', months: 6 },
    { type: 'tier-accelerator', factor: '2', days: 30 },
  ])('%j', (details) => {
    const parsed = couponOffer.parse(details)
    expect(parsed).toEqual(details)
    // What is kept is read again with the same schema.
    expect(couponOffer.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })

  const full = { type: 'full-reduction', offMinor: 5_000, thresholdMinor: 20_000 }
  test.each([
    ['type', {}],
    ['type', { type: 'gift' }],
    ['', null],
    ['', 'full-reduction'],
    ['thresholdMinor', { type: 'full-reduction', offMinor: 5_000 }],
    ['thresholdMinor', { ...full, thresholdMinor: 4_999 }],
    ['offMinor', { ...full, offMinor: 0 }],
    ['offMinor', { ...full, offMinor: -5 }],
    ['offMinor', { ...full, offMinor: 0.5 }],
    ['offMinor', { ...full, offMinor: Number.MAX_SAFE_INTEGER + 1 }],
    ['offMinor', { ...full, offMinor: '5000' }],
    ['', { ...full, surprise: 1 }],
    ['worthMinor', { type: 'cash' }],
    ['offMinor', { type: 'delivery', offMinor: 0 }],
    ['thresholdMinor', { type: 'delivery', thresholdMinor: 0 }],
    ['factor', { type: 'rate-up', factor: '1', days: 7 }],
    ['factor', { type: 'rate-up', factor: '10.1', days: 7 }],
    ['factor', { type: 'rate-up', factor: 2, days: 7 }],
    ['days', { type: 'rate-up', factor: '2' }],
    ['orders', { type: 'rate-up', factor: '2', days: 7, orders: 0 }],
    ['sources', { type: 'rate-up', factor: '2', days: 7, sources: [] }],
    ['days', { type: 'expiry-extension' }],
    ['days', { type: 'expiry-extension', days: 1, months: 1 }],
    ['months', { type: 'expiry-extension', months: 121 }],
    ['withinDays', { type: 'expiry-extension', months: 1, withinDays: 0 }],
    ['factor', { type: 'tier-accelerator', factor: '0.5', days: 1 }],
    ['days', { type: 'tier-accelerator', factor: '2', days: 3_661 }],
    ['validity', { ...full, validity: {} }],
    ['validity.days', { ...full, validity: { days: 0 } }],
    ['validity.days', { ...full, validity: { days: 3_651 } }],
    ['validity.until', { ...full, validity: { until: '2026-02-30' } }],
    ['validity.until', { ...full, validity: { until: '9999-12-31' } }],
    ['validity', { ...full, validity: { days: 1, until: '2026-12-31' } }],
  ])('names %j as the fault of %j', (path, details) => {
    expect(pathsOf(details)[0]).toBe(path)
  })

  test('is described for a form', () => {
    const schema = z.toJSONSchema(couponOffer, { io: 'input' })
    expect(schema.oneOf).toHaveLength(7)
    expect(JSON.stringify(schema)).toContain('minor units')
  })
})
