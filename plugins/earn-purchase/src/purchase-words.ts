import type { Words } from '@pointwell/plugin'

export const purchaseTitle: Words = { en: 'Purchase', zh: '消费' }

/** Titles of the steps of an explanation, and of the reasons of transactions. */
export const purchaseWords = {
  purchase: { en: 'Purchase', zh: '消费积分' },
  'purchase:confirm': { en: 'Purchase confirmed', zh: '消费积分到账' },
  'purchase:return': { en: 'Goods returned', zh: '退货' },
  'purchase:cancel': { en: 'Purchase cancelled', zh: '订单取消' },
  base: { en: 'Points for the goods', zh: '商品基础积分' },
  category: { en: 'Category rate', zh: '品类倍率' },
  region: { en: 'Region rate', zh: '地区倍率' },
  staff: { en: 'Staff rate', zh: '员工倍率' },
  tier: { en: 'Tier rate', zh: '会员等级倍率' },
  birthday: { en: 'Birthday rate', zh: '生日倍率' },
  campaign: { en: 'Campaign rate', zh: '活动倍率' },
  'non-earning': {
    en: 'Taxes, points and coupons earn nothing',
    zh: '税费及积分、优惠券抵扣部分不计',
  },
  'item-cap': { en: 'Limit for each item', zh: '单件积分上限' },
  'campaign-extra': { en: 'Extra points of a campaign', zh: '活动额外积分' },
  'order-cap': { en: 'Limit for an order', zh: '单笔订单积分上限' },
  rounding: { en: 'Rounding', zh: '取整' },
} satisfies Readonly<Record<string, Words>>

export const purchaseRefusals = {
  ORDER_TOO_LARGE: {
    en: 'This order is larger than can be counted.',
    zh: '订单金额过大，无法计算积分。',
  },
  ORDER_LINE_NOT_FOUND: {
    en: 'The order has no such line.',
    zh: '订单中没有该商品行。',
  },
  RETURN_EXCEEDS_PURCHASE: {
    en: 'More is returned than was bought and not yet returned.',
    zh: '退货数量超过了可退的购买数量。',
  },
} satisfies Readonly<Record<string, Words>>
