import type { Cancellation } from '@pointwell/plugin'
import { decideVoid } from '../coupon/decide-void.js'
import { type CouponContext, newCoupon } from '../coupon/new-coupon.js'
import { changeCoupon } from '../store/change-coupon.js'
import { findOrIssueCoupon } from '../store/find-or-issue-coupon.js'

/**
 * Takes a redemption's coupon back while nobody used it, once, however often it is asked. Where none
 * was given yet, none will be: a call of `fulfil` that is still on its way finds it cancelled.
 * Refused: `COUPON_USED` (also a card that is activated), `COUPON_EXPIRED`.
 */
export async function cancelCoupon(context: CouponContext): Promise<Cancellation> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { store, redemption, now } = context
  const answer = await changeCoupon(store, {
    find: () =>
      findOrIssueCoupon(store, redemption.id, () => ({ ...newCoupon(context), status: 'never' })),
    decide: (coupon) => decideVoid(coupon, { now }),
  })
  return answer && 'refused' in answer
    ? { outcome: 'refused', code: answer.code }
    : { outcome: 'cancelled' }
}
