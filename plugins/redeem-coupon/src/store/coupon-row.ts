import type { Coupon } from '../coupon/coupon.js'
import type { CouponCodeEntity } from './coupon-code.entity.js'

type Row = { [Name in keyof CouponCodeEntity]: CouponCodeEntity[Name] }

export function couponOf(row: Row): Coupon {
  const { usedOrderId, usedOrderMinor, discountMinor, usedFeeMinor, usedAt, extended, ...same } =
    row
  return {
    ...same,
    extended: extended === 1,
    use:
      usedOrderId === null || usedOrderMinor === null || discountMinor === null || usedAt === null
        ? null
        : {
            orderId: usedOrderId,
            orderMinor: usedOrderMinor,
            discountMinor,
            feeMinor: usedFeeMinor,
            at: usedAt,
          },
  }
}

export function rowOf({ use, extended, ...same }: Coupon): Row {
  return {
    ...same,
    extended: extended ? 1 : 0,
    usedOrderId: use?.orderId ?? null,
    usedOrderMinor: use?.orderMinor ?? null,
    discountMinor: use?.discountMinor ?? null,
    usedFeeMinor: use?.feeMinor ?? null,
    usedAt: use?.at ?? null,
  }
}
