import type { Words } from '@pointwell/plugin'

export const PARTNER_TITLE: Words = { en: 'Partners', zh: '合作伙伴权益' }

/** The channel's own refusals, with what a member or an operator reads. */
export const PARTNER_REFUSALS = {
  PARTNER_NOT_FOUND: { en: 'There is no such partner.', zh: '没有该合作伙伴。' },
  PARTNER_EXISTS: { en: 'There is a partner with this id.', zh: '该编号的合作伙伴已存在。' },
  PARTNER_CONFLICT: {
    en: 'Somebody else has changed the partner in the meantime. Look at it again.',
    zh: '合作伙伴已被他人修改，请重新查看后再改。',
  },
  PARTNER_NOT_ACTIVE: {
    en: 'This partner gives nothing at present.',
    zh: '该合作伙伴目前暂停发放。',
  },
  PARTNER_OUT_OF_FUNDS: {
    en: 'This is not to be had at present.',
    zh: '该权益暂时无法兑换。',
  },
  PARTNER_SOLD_OUT: { en: 'There is no code left.', zh: '兑换码已发完。' },
  PARTNER_REFUSED: { en: 'The partner did not give it.', zh: '合作伙伴未能发放该权益。' },
  PARTNER_PENDING: {
    en: 'The partner is still being asked.',
    zh: '正在等待合作伙伴处理。',
  },
  PARTNER_ORDER_NOT_FOUND: {
    en: 'No partner’s API was asked for this.',
    zh: '该兑换没有合作伙伴接口的订单。',
  },
  PARTNER_ORDER_SETTLED: {
    en: 'What became of this order is known already.',
    zh: '该订单的结果已确定。',
  },
  PARTNER_CANCELLED: { en: 'This was given back.', zh: '该权益已退还。' },
  PARTNER_KEEPS: {
    en: 'The partner does not take it back.',
    zh: '合作伙伴不接受退还。',
  },
  PARTNER_NOT_RETURNABLE: { en: 'This cannot be given back.', zh: '该权益不支持退还。' },
  PARTNER_HOST_NOT_ALLOWED: {
    en: 'The server does not send requests to this address.',
    zh: '服务器不允许访问该地址。',
  },
  PARTNER_POOL_NOT_FOUND: {
    en: 'This is no offer of a partner’s codes from a pool.',
    zh: '该兑换品没有合作伙伴的兑换码池。',
  },
} as const satisfies Readonly<Record<string, Words>>

export type PartnerRefusalCode = keyof typeof PARTNER_REFUSALS
