import { type Refusal, refuse } from '@pointwell/plugin'
import { type Coupon, changed, type Decided, findStatus, unchanged } from './coupon.js'

/**
 * Gives a coupon back because the order that used it was cancelled; twice is once. One that ran out
 * meanwhile gets `graceMs` from now, but only once in its life: else a member could keep it alive by
 * ordering and cancelling. Refuses `COUPON_VOID`, `COUPON_USED` (another order has it),
 * `COUPON_NOT_USED` (this order does not).
 */
export function decideRelease(
  coupon: Coupon,
  {
    orderId,
    graceMs,
    now,
  }: { readonly orderId: string; readonly graceMs: number; readonly now: number },
): Decided | Refusal {
  if (coupon.use?.orderId === orderId) {
    const extend = now >= coupon.expiresAt && !coupon.extended && graceMs > 0
    return changed(coupon, {
      status: 'issued',
      use: null,
      releasedOrderId: orderId,
      ...(extend && { expiresAt: now + graceMs, extended: true }),
    })
  }
  if (coupon.releasedOrderId === orderId) return unchanged(coupon)
  const status = findStatus(coupon, now)
  if (status === 'void') return refuse('COUPON_VOID')
  if (status === 'used') return refuse('COUPON_USED')
  return refuse('COUPON_NOT_USED')
}
