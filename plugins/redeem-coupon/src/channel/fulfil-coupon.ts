import type { Fulfilment } from '@pointwell/plugin'
import { showCouponCode } from '../code/coupon-code.js'
import type { Coupon } from '../coupon/coupon.js'
import { type CouponContext, newCoupon } from '../coupon/new-coupon.js'
import { findOrIssueCoupon } from '../store/find-or-issue-coupon.js'

/**
 * Issues the coupon of a redemption, once, however often it is asked. Refused: `COUPON_EXPIRED` where
 * the last day of the offer's coupons is over, `COUPON_VOID` where the redemption was cancelled.
 */
export async function fulfilCoupon(context: CouponContext): Promise<Fulfilment> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { store, redemption } = context
  const coupon = await findOrIssueCoupon(store, redemption.id, () => newCoupon(context))
  switch (coupon.status) {
    case 'issued':
    case 'claimed':
    case 'used':
      return { outcome: 'fulfilled', receipt: receiptOf(coupon) }
    case 'void':
      return { outcome: 'refused', code: 'COUPON_VOID' }
    case 'never':
      return {
        outcome: 'refused',
        code: coupon.expiresAt <= coupon.issuedAt ? 'COUPON_EXPIRED' : 'COUPON_VOID',
      }
  }
}

/** What the member keeps of the redemption. */
function receiptOf({ code, type, expiresAt }: Coupon) {
  return { code: showCouponCode(code), type, expiresAt: new Date(expiresAt).toISOString() }
}
