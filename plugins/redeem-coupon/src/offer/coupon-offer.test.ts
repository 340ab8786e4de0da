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
    expect(schema.oneOf).toHaveLength(3)
    expect(JSON.stringify(schema)).toContain('minor units')
  })
})
