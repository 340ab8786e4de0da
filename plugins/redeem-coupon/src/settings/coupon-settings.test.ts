import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { couponSettings } from './coupon-settings.js'

describe('G2: settings of the channel', () => {
  test('have a default for every field', () => {
    expect(couponSettings.parse({})).toEqual({
      validityDays: 90,
      codePrefix: 'CP',
      cashRemainder: 'lost',
      graceOnReleaseDays: 7,
    })
  })

  test.each([
    ['validityDays', { validityDays: 0 }],
    ['validityDays', { validityDays: 1.5 }],
    ['validityDays', { validityDays: 3_651 }],
    ['codePrefix', { codePrefix: 'coupon' }],
    ['codePrefix', { codePrefix: 'COUPON' }],
    ['codePrefix', { codePrefix: 'ABCDEFGHJ' }],
    ['cashRemainder', { cashRemainder: 'kept' }],
    ['graceOnReleaseDays', { graceOnReleaseDays: -1 }],
    ['graceOnReleaseDays', { graceOnReleaseDays: 366 }],
    ['', { unknown: true }],
  ])('name %j as the fault of %j', (path, settings) => {
    const { error } = couponSettings.safeParse(settings)
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })

  test('describe every field for the form', () => {
    const { properties } = z.toJSONSchema(couponSettings, { io: 'input' })
    expect(Object.keys(properties ?? {})).toEqual(Object.keys(couponSettings.shape))
    for (const field of Object.values(properties ?? {})) {
      expect(field).toHaveProperty('description', expect.stringMatching(/\w{3}/))
      expect(field).toHaveProperty('default')
    }
  })
})
