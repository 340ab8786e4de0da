import type { Words } from '@pointwell/plugin'
import type { ShipmentStatus } from '../shipment/shipment.js'

export const GOODS_TITLE: Words = { en: 'Goods', zh: '商品' }

/** The channel's own refusals, with what a member reads. Most say what the goods are now. */
export const GOODS_REFUSALS = {
  GOODS_NOT_FOUND: { en: 'There are no such goods.', zh: '没有该商品。' },
  GOODS_ORDERED: {
    en: 'These goods are ordered and nobody has picked them yet.',
    zh: '该商品已下单，尚未配货。',
  },
  GOODS_PICKING: { en: 'These goods are being picked.', zh: '该商品正在配货。' },
  GOODS_SENT: { en: 'These goods are on their way.', zh: '该商品已发货。' },
  GOODS_RECEIVED: { en: 'These goods have been received.', zh: '该商品已签收。' },
  GOODS_RETURN_REQUESTED: {
    en: 'A return of these goods has been asked for.',
    zh: '该商品已申请退货，等待受理。',
  },
  GOODS_RETURNED: {
    en: 'The return of these goods has been accepted.',
    zh: '该商品的退货已受理。',
  },
  GOODS_RETURN_DECLINED: {
    en: 'The return of these goods has been declined.',
    zh: '该商品的退货申请未通过。',
  },
  GOODS_WAITING: { en: 'This top-up is still being done.', zh: '充值正在处理中。' },
  GOODS_GIVEN: { en: 'This has been given already.', zh: '该权益已发放。' },
  GOODS_FAILED: { en: 'This could not be given.', zh: '该权益未能发放。' },
  GOODS_CANCELLED: { en: 'These goods were cancelled.', zh: '该商品已取消。' },
  GOODS_NOT_RETURNABLE: {
    en: 'These goods cannot be given back.',
    zh: '该商品不支持退货。',
  },
  GOODS_RETURN_TOO_LATE: {
    en: 'The time for giving these goods back is over.',
    zh: '已超过该商品的退货期限。',
  },
  GOODS_SOLD_OUT: { en: 'There is no code left.', zh: '兑换码已发完。' },
  GOODS_POOL_NOT_FOUND: {
    en: 'This is no offer of codes from a pool.',
    zh: '该兑换品没有兑换码池。',
  },
} as const satisfies Readonly<Record<string, Words>>

export type GoodsRefusalCode = keyof typeof GOODS_REFUSALS

export const SHIPMENT_STATUS_WORDS: Readonly<Record<ShipmentStatus, Words>> = {
  ordered: { en: 'Ordered', zh: '已下单' },
  picking: { en: 'Being picked', zh: '配货中' },
  sent: { en: 'On its way', zh: '已发货' },
  received: { en: 'Received', zh: '已签收' },
  'return-requested': { en: 'Return asked for', zh: '退货申请中' },
  returned: { en: 'Return accepted', zh: '退货已受理' },
  'return-declined': { en: 'Return declined', zh: '退货未通过' },
  waiting: { en: 'Being done', zh: '处理中' },
  given: { en: 'Given', zh: '已发放' },
  failed: { en: 'Could not be given', zh: '发放失败' },
  cancelled: { en: 'Cancelled', zh: '已取消' },
}
