import { MAX_POINTS } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPluginDatabases, pluginDatabases } from '../../../../test/support/plugin-databases.js'
import type { Card } from '../card/card.js'
import { redeemCoupon } from '../channel/redeem-coupon.js'
import { makeCouponCode } from '../code/coupon-code.js'
import type { Coupon, CouponStatus } from '../coupon/coupon.js'
import {
  findCouponByCode,
  findCouponByRedemption,
  findCouponsOf,
  insertCoupon,
  replaceCoupon,
} from './coupon-table.js'
import { findOrIssueCoupon } from './find-or-issue-coupon.js'

const ISSUED = Date.UTC(2026, 2, 1)
const EXPIRES = Date.UTC(2026, 5, 1)

function couponOf(given: Partial<Coupon> = {}): Coupon {
  const code = makeCouponCode('CP')
  return {
    code,
    redemptionId: `r-${code}`,
    memberId: 'ada',
    offerId: 'offer-1',
    title: { en: 'A coupon', zh: '优惠券' },
    type: 'cash',
    amountMinor: 5_000,
    thresholdMinor: 0,
    currency: 'CNY',
    issuedAt: ISSUED,
    expiresAt: EXPIRES,
    extended: false,
    status: 'issued',
    use: null,
    card: null,
    activation: null,
    releasedOrderId: null,
    voidedAt: null,
    version: 1,
    ...given,
  }
}

describe.each(pluginDatabases())('coupons on %s', (on) => {
  const open = async () => (await openPluginDatabases(on, redeemCoupon))[0]

  test('come back as they went in, up to 2^53−1 and in any language', async () => {
    const store = await open()
    const whole = fc.oneof(fc.nat(), fc.constant(MAX_POINTS))
    const id = fc.stringMatching(/^[\x21-\x7e]{1,64}$/)
    const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
    const orNull = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null })
    const card: fc.Arbitrary<Card> = fc.oneof(
      fc.record({
        type: fc.constant('rate-up' as const),
        factor: fc.constantFrom('1.5', '10'),
        days: whole,
        orders: orNull(whole),
        sources: orNull(fc.array(id)),
      }),
      fc.record({
        type: fc.constant('expiry-extension' as const),
        days: orNull(whole),
        months: orNull(whole),
        withinDays: orNull(whole),
      }),
    )
    const coupon: fc.Arbitrary<Coupon> = fc.record({
      code: fc
        .uint8Array({ minLength: 16, maxLength: 16 })
        .map((bytes) => makeCouponCode('CP', () => bytes)),
      redemptionId: fc.uuid(),
      memberId: id,
      offerId: id,
      title: fc.record({ en: words, zh: words }),
      type: fc.constantFrom('full-reduction', 'cash', 'direct-deduction', 'delivery', 'rate-up'),
      amountMinor: whole,
      thresholdMinor: whole,
      currency: fc.constantFrom('CNY', 'JPY', 'KWD'),
      issuedAt: whole,
      expiresAt: whole,
      extended: fc.boolean(),
      status: fc.constantFrom('issued', 'claimed', 'used', 'void', 'never'),
      use: orNull(
        fc.record({
          orderId: id,
          orderMinor: whole,
          discountMinor: whole,
          feeMinor: orNull(whole),
          at: whole,
        }),
      ),
      card: orNull(card),
      activation: orNull(
        fc.record({ at: whole, key: orNull(words), until: orNull(whole), points: orNull(whole) }),
      ),
      releasedOrderId: orNull(id),
      voidedAt: orNull(whole),
      version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    })
    await fc.assert(
      fc.asyncProperty(coupon, async (given) => {
        expect(await insertCoupon(store, given)).toBe(true)
        expect(await findCouponByCode(store, given.code)).toEqual(given)
        expect(await findCouponByRedemption(store, given.redemptionId)).toEqual(given)
      }),
      { numRuns: 50 },
    )
  })

  test('a code and a redemption are each there once', async () => {
    const store = await open()
    const coupon = couponOf()
    expect(await insertCoupon(store, coupon)).toBe(true)
    expect(await insertCoupon(store, couponOf({ code: coupon.code }))).toBe(false)
    expect(await insertCoupon(store, couponOf({ redemptionId: coupon.redemptionId }))).toBe(false)
    expect(await findCouponByCode(store, coupon.code)).toEqual(coupon)
  })

  test('a fault that is no duplicate is not taken for one', async () => {
    const store = await open()
    const broken = { ...couponOf(), currency: null } as unknown as Coupon
    await expect(insertCoupon(store, broken)).rejects.toThrow()
  })

  test('redemptions that differ by case are two', async () => {
    const store = await open()
    expect(await insertCoupon(store, couponOf({ redemptionId: 'Abc' }))).toBe(true)
    expect(await insertCoupon(store, couponOf({ redemptionId: 'aBC' }))).toBe(true)
  })

  test('are replaced only by who saw the last version', async () => {
    const store = await open()
    const coupon = couponOf()
    await insertCoupon(store, coupon)
    const use = {
      orderId: 'o-1',
      orderMinor: 9_000,
      discountMinor: 5_000,
      feeMinor: null,
      at: ISSUED,
    }
    const next: Coupon = { ...coupon, status: 'used', use, version: 2 }
    expect(await replaceCoupon(store, next)).toBe(true)
    expect(await replaceCoupon(store, { ...coupon, status: 'void', version: 2 })).toBe(false)
    expect(await replaceCoupon(store, { ...next, version: 4 })).toBe(false)
    expect(await findCouponByCode(store, coupon.code)).toEqual(next)
  })

  test('a new coupon takes another code where the first is taken', async () => {
    const store = await open()
    const taken = couponOf()
    await insertCoupon(store, taken)
    const codes = [taken.code, makeCouponCode('CP')]
    const coupon = await findOrIssueCoupon(store, 'r-2', () =>
      couponOf({ redemptionId: 'r-2', code: codes.shift() as string }),
    )
    expect(coupon.code).not.toBe(taken.code)
    expect(await findCouponByRedemption(store, 'r-2')).toEqual(coupon)
  })

  test('and gives up where every code is taken', async () => {
    const store = await open()
    const taken = couponOf()
    await insertCoupon(store, taken)
    await expect(
      findOrIssueCoupon(store, 'r-2', () => couponOf({ redemptionId: 'r-2', code: taken.code })),
    ).rejects.toThrow('Every new coupon code was taken.')
  })

  describe('of a member', () => {
    test('come newest first, page by page, each once, also where many were issued at once', async () => {
      const store = await open()
      const mine = Array.from({ length: 23 }, (_, index) =>
        couponOf({ issuedAt: ISSUED + Math.floor(index / 5) }),
      )
      for (const coupon of mine) await insertCoupon(store, coupon)
      await insertCoupon(store, couponOf({ memberId: 'Ada' }))
      await insertCoupon(store, couponOf({ status: 'never' }))

      const seen: Coupon[] = []
      for (let page = 0; page < 6; page += 1) {
        const last = seen.at(-1)
        const after = last ? { issuedAt: last.issuedAt, code: last.code } : null
        seen.push(
          ...(await findCouponsOf(store, { memberId: 'ada', after, limit: 5, now: ISSUED })),
        )
      }
      const byAge = (a: Coupon, b: Coupon) => b.issuedAt - a.issuedAt || (a.code < b.code ? 1 : -1)
      expect(seen).toEqual(mine.sort(byAge))
    })

    test('are found by what they are now', async () => {
      const store = await open()
      const use = {
        orderId: 'o-1',
        orderMinor: 9_000,
        discountMinor: 5_000,
        feeMinor: null,
        at: ISSUED,
      }
      const coupons = {
        fresh: couponOf(),
        over: couponOf({ expiresAt: ISSUED + 10 }),
        used: couponOf({ status: 'used', use, expiresAt: ISSUED + 10 }),
        gone: couponOf({ status: 'void', voidedAt: ISSUED }),
        never: couponOf({ status: 'never' }),
      }
      for (const coupon of Object.values(coupons)) await insertCoupon(store, coupon)
      const codes = async (status: CouponStatus | null, now: number) =>
        (await findCouponsOf(store, { memberId: 'ada', status, after: null, limit: 10, now }))
          .map(({ code }) => Object.entries(coupons).find(([, one]) => one.code === code)?.[0])
          .sort()
      expect(await codes('issued', ISSUED + 10)).toEqual(['fresh'])
      expect(await codes('issued', ISSUED + 9)).toEqual(['fresh', 'over'])
      expect(await codes('expired', ISSUED + 10)).toEqual(['over'])
      expect(await codes('expired', ISSUED + 9)).toEqual([])
      expect(await codes('used', EXPIRES)).toEqual(['used'])
      expect(await codes('void', EXPIRES)).toEqual(['gone'])
      expect(await codes(null, ISSUED)).toEqual(['fresh', 'gone', 'over', 'used'])
    })

    test('whose id no shop has are none', async () => {
      const store = await open()
      for (const memberId of ['艾达', "ada' OR '1'='1", '', 'a'.repeat(10_000)]) {
        expect(
          await findCouponsOf(store, { memberId, after: null, limit: 10, now: ISSUED }),
        ).toEqual([])
      }
    })
  })
})
