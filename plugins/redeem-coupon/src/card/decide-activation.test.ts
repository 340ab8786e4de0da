import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Coupon, findStatus } from '../coupon/coupon.js'
import { decideUse } from '../coupon/decide-use.js'
import { decideVoid } from '../coupon/decide-void.js'
import { decideActivated, decideClaim, decideUnclaim } from './decide-activation.js'

const NOW = Date.UTC(2026, 2, 1)
const HOUR_MS = 3_600_000
const card: Coupon = {
  code: 'CP7Q2M0VXKR4TD9HZB',
  redemptionId: 'r-1',
  memberId: 'ada',
  offerId: 'double',
  title: { en: 'Double', zh: '双倍' },
  type: 'rate-up',
  amountMinor: 0,
  thresholdMinor: 0,
  currency: 'CNY',
  issuedAt: NOW,
  expiresAt: NOW + 90 * 24 * HOUR_MS,
  extended: false,
  status: 'issued',
  use: null,
  card: { type: 'rate-up', factor: '2', days: 7, orders: null, sources: null },
  activation: null,
  releasedOrderId: null,
  voidedAt: null,
  version: 1,
}
const DONE = { at: NOW, key: null, until: NOW + HOUR_MS, points: null }

function get(decided: ReturnType<typeof decideClaim>): Coupon {
  if (decided.refused) throw new Error(decided.code)
  return decided.coupon
}
const claim = (coupon: Coupon, given: { key?: string | null; now?: number } = {}) =>
  decideClaim(coupon, { key: null, now: NOW, ...given })
const claimed = get(claim(card))
const used = decideActivated(claimed, DONE).coupon

describe('R9: activating a card', () => {
  test('claims it, and marks it used when it is done', () => {
    expect(claimed).toMatchObject({ status: 'claimed', version: 2, activation: { at: NOW } })
    expect(findStatus(claimed, card.expiresAt + 1)).toBe('issued')
    expect(used).toMatchObject({ status: 'used', version: 3, activation: DONE })
    expect(decideActivated(used, { ...DONE, until: 0 })).toEqual({ coupon: used, isNew: false })
    expect(claim(used, { now: card.expiresAt })).toEqual({ coupon: used, isNew: false })
  })

  test.each<[string, Coupon, object, string]>([
    ['a coupon for orders', { ...card, card: null }, {}, 'COUPON_NOT_A_CARD'],
    ['one that was cancelled', { ...card, status: 'void' }, {}, 'COUPON_VOID'],
    ['one that has run out', card, { now: card.expiresAt }, 'COUPON_EXPIRED'],
    ['another key', get(claim(card, { key: 'a' })), { key: 'b' }, 'COUPON_USED'],
  ])('refuses %s', (_, coupon, given, code) => {
    expect(claim(coupon, given)).toMatchObject({ refused: true, code })
  })

  test('no order uses it, and once it is begun its redemption is not cancelled', () => {
    const order = { orderId: 'o', orderMinor: 1, currency: 'CNY', fee: null, now: NOW }
    expect(decideUse(card, order)).toMatchObject({ code: 'COUPON_IS_CARD' })
    expect(decideVoid(card, { now: NOW })).toMatchObject({ isNew: true })
    for (const coupon of [claimed, used]) {
      expect(decideVoid(coupon, { now: NOW })).toMatchObject({ code: 'COUPON_USED' })
    }
  })

  test('what the programme refused is as it was, if nobody else is at it or it was long ago', () => {
    const own = { own: 2, isFirst: true, now: NOW }
    expect(decideUnclaim(claimed, own).coupon).toEqual({ ...card, version: 3 })
    const joined = get(claim(claimed))
    expect(decideUnclaim(joined, own)).toEqual({ coupon: joined, isNew: false })
    const second = { own: 3, isFirst: false }
    expect(decideUnclaim(joined, { ...second, now: NOW + HOUR_MS - 1 }).isNew).toBe(false)
    expect(decideUnclaim(joined, { ...second, now: NOW + HOUR_MS }).coupon.status).toBe('issued')
    expect(decideUnclaim(used, { own: 3, isFirst: true, now: NOW }).isNew).toBe(false)
  })
})

/** One call of `activateCard`, by what it has done so far. */
interface Caller {
  at: 'start' | 'claimed' | 'acted' | 'refused'
  own: number
  isFirst: boolean
}

describe('R9: several at once, and deaths in between', () => {
  /** Callers go on in any order and stop anywhere; the programme may refuse, until it does not. */
  test('a card is never both cancelled and done, and a last caller ends what others began', () => {
    const turn = fc.oneof(
      { weight: 8, arbitrary: fc.record({ go: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.record({ dies: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.constant('cancel' as const) },
      { weight: 1, arbitrary: fc.constant('it can be done' as const) },
      { weight: 1, arbitrary: fc.constant('an hour goes by' as const) },
    )
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
        let coupon = card
        let now = NOW
        let canBeDone = false
        let isDone = false
        const callers = new Map<number, Caller>()
        const step = (name: number): boolean => {
          const caller = callers.get(name) ?? { at: 'start', own: 0, isFirst: false }
          callers.set(name, caller)
          if (caller.at === 'start') {
            caller.isFirst = coupon.status === 'issued'
            const decided = decideClaim(coupon, { key: null, now })
            if (decided.refused || decided.coupon.status === 'used') return callers.delete(name)
            coupon = decided.coupon
            Object.assign(caller, { at: 'claimed', own: coupon.version })
          } else if (caller.at === 'claimed') {
            isDone ||= canBeDone
            caller.at = isDone ? 'acted' : 'refused'
          } else {
            coupon =
              caller.at === 'acted'
                ? decideActivated(coupon, DONE).coupon
                : decideUnclaim(coupon, { ...caller, now }).coupon
            callers.delete(name)
          }
          return true
        }
        for (const it of turns) {
          if (it === 'cancel') {
            const decided = decideVoid(coupon, { now })
            if (!decided.refused) coupon = decided.coupon
          } else if (it === 'it can be done') canBeDone = true
          else if (it === 'an hour goes by') {
            now += HOUR_MS
            callers.clear()
          } else if ('dies' in it) callers.delete(it.dies)
          else step(it.go)
          expect(isDone && coupon.status === 'void').toBe(false)
          expect(coupon.status === 'used' && !isDone).toBe(false)
        }
        // Everybody else is gone.
        callers.clear()
        canBeDone = true
        for (let n = 0; n < 3; n += 1) step(9)
        expect(coupon.status).toBe(coupon.voidedAt === null ? 'used' : 'void')
        expect(isDone).toBe(coupon.status === 'used')
      }),
      { numRuns: 2_000 },
    )
  })
})
