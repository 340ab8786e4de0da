import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Coupon, type Decided, findStatus } from './coupon.js'
import { decideRelease } from './decide-release.js'
import { decideUse, type UsingOrder } from './decide-use.js'
import { decideVoid } from './decide-void.js'

const ISSUED = Date.UTC(2026, 2, 1, 8)
const EXPIRES = Date.UTC(2026, 4, 31, 16)
const DAY_MS = 86_400_000

/** "50 off 200" in yuan. */
const fiftyOff: Coupon = {
  code: 'CP7Q2M0VXKR4TD9HZB',
  redemptionId: 'r-1',
  memberId: 'ada',
  offerId: '50-off-200',
  title: { en: '50 off 200', zh: '满200减50' },
  type: 'full-reduction',
  amountMinor: 5_000,
  thresholdMinor: 20_000,
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
}
const order: UsingOrder = {
  orderId: 'o-1',
  orderMinor: 20_000,
  currency: 'CNY',
  fee: null,
  now: ISSUED + DAY_MS,
}

function use(coupon: Coupon, given: Partial<UsingOrder> = {}) {
  return decideUse(coupon, { ...order, ...given })
}
function release(coupon: Coupon, given: { orderId?: string; now?: number; graceMs?: number } = {}) {
  return decideRelease(coupon, { orderId: 'o-1', now: order.now, graceMs: 7 * DAY_MS, ...given })
}
function get(decided: ReturnType<typeof decideUse>): Coupon {
  if (decided.refused) throw new Error(decided.code)
  return decided.coupon
}
const refused = (code: string, figures = {}) => ({ refused: true, code, figures })

describe('R9: using a coupon', () => {
  test('takes its amount off an order that reaches the threshold', () => {
    expect(use(fiftyOff)).toEqual({
      isNew: true,
      coupon: {
        ...fiftyOff,
        status: 'used',
        use: {
          orderId: 'o-1',
          orderMinor: 20_000,
          discountMinor: 5_000,
          feeMinor: null,
          at: order.now,
        },
        version: 2,
      },
    })
  })

  test('one fen below the threshold is refused with both amounts', () => {
    expect(use(fiftyOff, { orderMinor: 19_999 })).toEqual(
      refused('ORDER_BELOW_THRESHOLD', {
        field: 'orderAmount',
        availableAmount: { amountMinor: 19_999, currency: 'CNY' },
        neededAmount: { amountMinor: 20_000, currency: 'CNY' },
      }),
    )
  })

  test('never takes off more than the order comes to', () => {
    const coupon = { ...fiftyOff, type: 'cash', thresholdMinor: 0 } as const
    expect(get(use(coupon, { orderMinor: 1_200 })).use?.discountMinor).toBe(1_200)
    expect(get(use(coupon, { orderMinor: 5_001 })).use?.discountMinor).toBe(5_000)
  })

  test('the same order again is the same answer and writes nothing, even when it has run out', () => {
    const used = get(use(fiftyOff))
    expect(use(used)).toEqual({ coupon: used, isNew: false })
    expect(use(used, { now: EXPIRES + DAY_MS })).toEqual({ coupon: used, isNew: false })
  })

  test('L4: the same order with another amount is a mismatch, and so is another currency', () => {
    const used = get(use(fiftyOff))
    const mismatch = refused('IDEMPOTENCY_MISMATCH', { field: 'orderAmount' })
    expect(use(used, { orderMinor: 20_001 })).toEqual(mismatch)
    expect(use(used, { currency: 'USD' })).toEqual(mismatch)
  })

  test('another order is refused', () => {
    expect(use(get(use(fiftyOff)), { orderId: 'o-2' })).toEqual(refused('COUPON_USED'))
    expect(use(get(use(fiftyOff)), { orderId: 'O-1' })).toEqual(refused('COUPON_USED'))
  })

  test('is over at the very instant it expires, and not a millisecond before', () => {
    expect(use(fiftyOff, { now: EXPIRES - 1 })).toMatchObject({ isNew: true })
    expect(use(fiftyOff, { now: EXPIRES })).toEqual(refused('COUPON_EXPIRED'))
  })

  test('a void coupon is refused', () => {
    expect(use({ ...fiftyOff, status: 'void', voidedAt: ISSUED })).toEqual(refused('COUPON_VOID'))
  })

  test('another currency is refused before its amount is compared', () => {
    expect(use(fiftyOff, { currency: 'JPY', orderMinor: 1 })).toEqual(
      refused('CURRENCY_NOT_SUPPORTED', { field: 'orderAmount' }),
    )
  })
})

describe('R9: a cancelled order gives its coupon back', () => {
  const used = get(use(fiftyOff))

  test('with its own expiry', () => {
    expect(release(used)).toEqual({
      isNew: true,
      coupon: { ...fiftyOff, releasedOrderId: 'o-1', version: 3 },
    })
  })

  test('once: again it writes nothing', () => {
    const back = get(release(used))
    expect(release(back)).toEqual({ coupon: back, isNew: false })
  })

  test('and again when another order has used it since, without taking it away from that', () => {
    const other = get(use(get(release(used)), { orderId: 'o-2' }))
    expect(release(other)).toEqual({ coupon: other, isNew: false })
  })

  test('only that order can', () => {
    expect(release(used, { orderId: 'o-2' })).toEqual(refused('COUPON_USED'))
    expect(release(fiftyOff)).toEqual(refused('COUPON_NOT_USED'))
    expect(release({ ...fiftyOff, status: 'void' })).toEqual(refused('COUPON_VOID'))
  })

  test('and it can be used again, by the same order too', () => {
    expect(use(get(release(used)))).toMatchObject({ isNew: true, coupon: { status: 'used' } })
  })

  test('one that ran out meanwhile gets a grace, once in its life', () => {
    const late = EXPIRES + DAY_MS
    const back = get(release(used, { now: late }))
    expect(back).toMatchObject({ expiresAt: late + 7 * DAY_MS, extended: true })
    expect(findStatus(back, late)).toBe('issued')

    const later = back.expiresAt + DAY_MS
    const again = get(release(get(use(back, { now: late })), { now: later }))
    expect(again.expiresAt).toBe(back.expiresAt)
    expect(findStatus(again, later)).toBe('expired')
  })

  test('without a grace it comes back expired', () => {
    const back = get(release(used, { now: EXPIRES, graceMs: 0 }))
    expect(back).toMatchObject({ expiresAt: EXPIRES, extended: false })
    expect(findStatus(back, EXPIRES)).toBe('expired')
  })
})

describe('R7: taking a coupon back', () => {
  test('makes an unused one void, once', () => {
    const decided = decideVoid(fiftyOff, { now: order.now })
    expect(decided).toEqual({
      isNew: true,
      coupon: { ...fiftyOff, status: 'void', voidedAt: order.now, version: 2 },
    })
    expect(decideVoid(get(decided), { now: EXPIRES })).toEqual({
      coupon: get(decided),
      isNew: false,
    })
  })

  test('is refused for a used and for an expired one', () => {
    expect(decideVoid(get(use(fiftyOff)), order)).toEqual(refused('COUPON_USED'))
    expect(decideVoid(fiftyOff, { now: EXPIRES })).toEqual(refused('COUPON_EXPIRED'))
  })
})

describe('R9: any sequence of acts', () => {
  type Act = { act: 'use' | 'release' | 'void'; orderId: string; orderMinor: number; wait: number }
  const acts: fc.Arbitrary<Act[]> = fc.array(
    fc.record({
      act: fc.constantFrom('use', 'release', 'void'),
      orderId: fc.constantFrom('o-1', 'o-2', 'o-3'),
      orderMinor: fc.integer({ min: 1, max: 30_000 }),
      wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 * DAY_MS })),
    }),
    { maxLength: 30 },
  )

  test('keeps one order at most, never discounts what is void or over, and replays write nothing', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(acts, fc.integer({ min: 0, max: 20_000 }), (list, thresholdMinor) => {
        let coupon: Coupon = { ...fiftyOff, thresholdMinor }
        let now = ISSUED
        // The naive model: which order holds it, whether it is void, until when it lives.
        let holder: string | null = null
        let isVoid = false
        for (const { act, orderId, orderMinor, wait } of list) {
          now += wait
          const before = coupon
          const decided: Decided | ReturnType<typeof decideUse> =
            act === 'use'
              ? use(coupon, { orderId, orderMinor, now })
              : act === 'release'
                ? release(coupon, { orderId, now })
                : decideVoid(coupon, { now })
          if (decided.refused) {
            seen.add(decided.code)
            continue
          }
          coupon = decided.coupon
          if (!decided.isNew) {
            expect(coupon).toBe(before)
            continue
          }
          seen.add(act)
          expect(coupon.version).toBe(before.version + 1)
          expect(isVoid).toBe(false)
          if (act === 'use') {
            expect(holder).toBeNull()
            expect(now).toBeLessThan(before.expiresAt)
            expect(orderMinor).toBeGreaterThanOrEqual(thresholdMinor)
            expect(coupon.use?.discountMinor).toBe(Math.min(5_000, orderMinor))
            holder = orderId
          } else if (act === 'release') {
            expect(holder).toBe(orderId)
            expect(coupon.expiresAt).toBeGreaterThanOrEqual(before.expiresAt)
            holder = null
          } else {
            expect(holder).toBeNull()
            expect(now).toBeLessThan(before.expiresAt)
            isVoid = true
          }
          expect(coupon.use?.orderId ?? null).toBe(holder)
          expect(coupon.status === 'void').toBe(isVoid)
        }
        // Grace is given once, so no coupon outlives its day by more than one grace and one order.
        if (!coupon.extended) expect(coupon.expiresAt).toBe(EXPIRES)
      }),
      { numRuns: 1_000 },
    )
    // The runs met every act and every refusal, else they say little.
    expect([...seen].sort()).toEqual([
      'COUPON_EXPIRED',
      'COUPON_NOT_USED',
      'COUPON_USED',
      'COUPON_VOID',
      'IDEMPOTENCY_MISMATCH',
      'ORDER_BELOW_THRESHOLD',
      'release',
      'use',
      'void',
    ])
  })
})
