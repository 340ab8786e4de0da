import type { Words } from '@pointwell/plugin'
import type { CouponStatus } from '../coupon/coupon.js'

export const COUPON_TITLE: Words = { en: 'Coupon', zh: '优惠券' }

/** The channel's own refusals, with what a member reads. */
export const COUPON_REFUSALS = {
  COUPON_NOT_FOUND: {
    en: 'There is no coupon with this code.',
    zh: '没有使用该券码的优惠券。',
  },
  COUPON_VOID: {
    en: 'This coupon was cancelled.',
    zh: '该优惠券已作废。',
  },
  COUPON_USED: {
    en: 'This coupon has already been used.',
    zh: '该优惠券已被使用。',
  },
  COUPON_EXPIRED: {
    en: 'This coupon has expired.',
    zh: '该优惠券已过期。',
  },
  COUPON_NOT_USED: {
    en: 'This coupon was not used for this order.',
    zh: '该订单未使用此优惠券。',
  },
  COUPON_IS_CARD: {
    en: 'This card is activated by the member, not used for an order.',
    zh: '该卡券需由会员激活，不能用于订单。',
  },
  COUPON_NOT_A_CARD: {
    en: 'This coupon is used for an order; there is nothing to activate.',
    zh: '该优惠券用于订单抵扣，无需激活。',
  },
  DELIVERY_FEE_NEEDED: {
    en: 'This coupon is for a delivery fee, and the order has none.',
    zh: '该券用于抵扣运费，而订单没有运费。',
  },
  ORDER_BELOW_THRESHOLD: {
    en: 'The order does not reach the amount that this coupon needs.',
    zh: '订单金额未达到该优惠券的使用门槛。',
  },
} as const satisfies Readonly<Record<string, Words>>

export const STATUS_WORDS: Readonly<Record<CouponStatus, Words>> = {
  issued: { en: 'Not used yet', zh: '未使用' },
  used: { en: 'Used', zh: '已使用' },
  expired: { en: 'Expired', zh: '已过期' },
  void: { en: 'Cancelled', zh: '已作废' },
}
