import { type Refusal, refuse } from '@pointwell/plugin'
import { type Coupon, changed, type Decided, findStatus, unchanged } from './coupon.js'

/**
 * Uses a coupon for an order: takes `min(its amount, the order's)` off. The same order again gets
 * the same answer, whatever time it is. Refusals, in the order in which they are checked:
 * `IDEMPOTENCY_MISMATCH` (the same order with another amount), `COUPON_VOID`, `COUPON_USED`,
 * `COUPON_EXPIRED`, `CURRENCY_NOT_SUPPORTED`, `ORDER_BELOW_THRESHOLD`
 * (`availableAmount`, `neededAmount`).
 */
export function decideUse(
  coupon: Coupon,
  {
    orderId,
    orderMinor,
    currency,
    now,
  }: {
    readonly orderId: string
    /** What the order comes to before the discount, minor units, > 0. */
    readonly orderMinor: number
    readonly currency: string
    readonly now: number
  },
): Decided | Refusal {
  if (coupon.use?.orderId === orderId) {
    return coupon.use.orderMinor === orderMinor && coupon.currency === currency
      ? unchanged(coupon)
      : refuse('IDEMPOTENCY_MISMATCH', { field: 'orderAmount' })
  }
  const status = findStatus(coupon, now)
  if (status === 'void') return refuse('COUPON_VOID')
  if (status === 'used') return refuse('COUPON_USED')
  if (status === 'expired') return refuse('COUPON_EXPIRED')
  if (currency !== coupon.currency) {
    return refuse('CURRENCY_NOT_SUPPORTED', { field: 'orderAmount' })
  }
  if (orderMinor < coupon.thresholdMinor) {
    return refuse('ORDER_BELOW_THRESHOLD', {
      field: 'orderAmount',
      availableAmount: { amountMinor: orderMinor, currency },
      neededAmount: { amountMinor: coupon.thresholdMinor, currency },
    })
  }
  const discountMinor = Math.min(coupon.amountMinor, orderMinor)
  return changed(coupon, { status: 'used', use: { orderId, orderMinor, discountMinor, at: now } })
}
