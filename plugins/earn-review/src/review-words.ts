import type { Words } from '@pointwell/plugin'

export const reviewTitle: Words = { en: 'Review', zh: '商品评价' }

/** Titles of the steps of an explanation, and of the reasons of transactions. */
export const reviewWords = {
  review: { en: 'Review', zh: '商品评价' },
  'review-photos': { en: 'Review with photos', zh: '带图评价' },
  campaign: { en: 'Campaign rate', zh: '活动倍率' },
} satisfies Readonly<Record<string, Words>>

export const reviewRefusals = {
  REVIEW_ORDER_NOT_FOUND: {
    en: 'This member has no such order.',
    zh: '该会员没有这笔订单。',
  },
  REVIEW_ORDER_NOT_CONFIRMED: {
    en: 'Reviews of this order earn points once it is confirmed.',
    zh: '订单确认收货后评价才能获得积分。',
  },
  REVIEW_ORDER_CANCELLED: {
    en: 'This order was cancelled.',
    zh: '该订单已取消。',
  },
  REVIEW_LINE_NOT_FOUND: {
    en: 'The order has no such line.',
    zh: '订单中没有该商品行。',
  },
  REVIEW_LINE_RETURNED: {
    en: 'All of this line was returned.',
    zh: '该商品行已全部退货。',
  },
  REVIEW_TOO_SHORT: {
    en: 'The review is too short to earn points.',
    zh: '评价字数不足，不能获得积分。',
  },
  REVIEW_NOT_FOUND: {
    en: 'No review of this line earned points.',
    zh: '该商品行没有获得过积分的评价。',
  },
  REVIEW_WITHDRAWN: {
    en: 'The points of this review were taken back already.',
    zh: '该评价的积分已被收回。',
  },
} satisfies Readonly<Record<string, Words>>
