import { defineRedemptionChannel } from '@pointwell/plugin'
import { goodsCodeFile } from '../file/goods-code-file.js'
import { GoodsCodesResolver } from '../graphql/goods-codes.resolver.js'
import { GoodsWorkResolver } from '../graphql/goods-work.resolver.js'
import { ShipmentResolver } from '../graphql/shipment.resolver.js'
import { goodsMembers } from '../members/goods-members.js'
import { goodsOffer } from '../offer/goods-offer.js'
import { checkGoodsOrder } from '../order/check-goods-order.js'
import { goodsOrder } from '../order/goods-order.js'
import { GOODS_PLUGIN_ID } from '../plugin-id.js'
import { goodsSettings } from '../settings/goods-settings.js'
import { AddDeclinedReturns1767225603115 } from '../store/add-declined-returns.migration.js'
import { CreateGoods1767225603110 } from '../store/create-goods.migration.js'
import { GoodsCodeEntity } from '../store/goods-code.entity.js'
import { GoodsShipmentEntity } from '../store/goods-shipment.entity.js'
import { GOODS_REFUSALS, GOODS_TITLE } from '../words/goods-words.js'
import { cancelGoods } from './cancel-goods.js'
import { fulfilGoods } from './fulfil-goods.js'

/** Points for goods: what is sent, top-ups, codes, and the programme's own products (R10). */
export const redeemGoods = defineRedemptionChannel({
  id: GOODS_PLUGIN_ID,
  version: '0.1.0',
  contract: '^1.0.0',
  title: GOODS_TITLE,
  loop: 'open',
  settings: goodsSettings,
  offer: goodsOffer,
  order: goodsOrder,
  refusals: GOODS_REFUSALS,
  words: { [GOODS_PLUGIN_ID]: GOODS_TITLE },
  resolvers: [ShipmentResolver, GoodsWorkResolver, GoodsCodesResolver],
  entities: [GoodsShipmentEntity, GoodsCodeEntity],
  migrations: [CreateGoods1767225603110, AddDeclinedReturns1767225603115],
  members: goodsMembers,
  files: [goodsCodeFile],

  /** Nobody pays where it is not said what is to be sent where. */
  check: ({ order, offer, settings }) => checkGoodsOrder(order, { offer: offer.details, settings }),
  fulfil: fulfilGoods,
  cancel: cancelGoods,
})
