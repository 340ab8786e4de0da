import { type Refusal, refuse } from '@pointwell/plugin'
import { type Coupon, changed, type Decided, findStatus, unchanged } from './coupon.js'

/** An order that wants to use a coupon. Amounts are minor units of `currency`. */
export interface UsingOrder {
  readonly orderId: string
  /** What the order comes to before the discount, > 0. */
  readonly orderMinor: number
  readonly currency: string
  /** The delivery fee before the discount, ≥ 0; null: nobody said. */
  readonly fee: { readonly amountMinor: number; readonly currency: string } | null
  readonly now: number
}

/**
 * Uses a coupon for an order: takes `min(its amount, the order's)` off, or off the delivery fee. The same
 * order again gets the same answer, whatever time it is. Refusals, in the order in which they are checked:
 * `COUPON_IS_CARD`, `IDEMPOTENCY_MISMATCH` (the same order with another amount), `COUPON_VOID`,
 * `COUPON_USED`, `COUPON_EXPIRED`, `CURRENCY_NOT_SUPPORTED`, `ORDER_BELOW_THRESHOLD`
 * (`availableAmount`, `neededAmount`), `DELIVERY_FEE_NEEDED`.
 */
export function decideUse(coupon: Coupon, order: UsingOrder): Decided | Refusal {
  const { orderId, orderMinor, currency, now } = order
  if (coupon.card) return refuse('COUPON_IS_CARD', { field: 'code' })
  const fee = coupon.type === 'delivery' ? order.fee : null
  if (coupon.use?.orderId === orderId) return again(coupon, { ...order, fee })
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
  // A coupon is not used up for a delivery that costs nothing.
  if (coupon.type === 'delivery' && !fee?.amountMinor) {
    return refuse('DELIVERY_FEE_NEEDED', { field: 'deliveryFee' })
  }
  if (fee && fee.currency !== coupon.currency) {
    return refuse('CURRENCY_NOT_SUPPORTED', { field: 'deliveryFee' })
  }
  const feeMinor = fee?.amountMinor ?? null
  const discountMinor = Math.min(coupon.amountMinor, feeMinor ?? orderMinor)
  return changed(coupon, {
    status: 'used',
    use: { orderId, orderMinor, discountMinor, feeMinor, at: now },
  })
}

function again({ use, ...coupon }: Coupon, { orderMinor, currency, fee }: UsingOrder) {
  const mismatch = (field: string) => refuse('IDEMPOTENCY_MISMATCH', { field })
  if (use?.orderMinor !== orderMinor || coupon.currency !== currency) return mismatch('orderAmount')
  const isOtherFee =
    use.feeMinor !== (fee?.amountMinor ?? null) || (fee && fee.currency !== coupon.currency)
  return isOtherFee ? mismatch('deliveryFee') : unchanged({ use, ...coupon })
}
