import type { ChannelContext } from '@pointwell/plugin'
import type { GoodsOffer } from '../offer/goods-offer.js'
import type { GoodsOrder } from '../order/goods-order.js'
import type { GoodsSettings } from '../settings/goods-settings.js'
import type { GoodsKind, Shipment, StoredStatus } from './shipment.js'

export type GoodsContext = ChannelContext<GoodsSettings, GoodsOffer, GoodsOrder>

const FIRST_STATUS: Readonly<Record<GoodsKind, StoredStatus>> = {
  physical: 'ordered',
  'top-up': 'waiting',
  code: 'given',
  own: 'given',
}

/** What a redemption gets, with the terms of today. A code is still to be found for it. */
export function newShipment({
  settings,
  offer: { id, title, details },
  redemption,
  now,
}: Pick<GoodsContext, 'settings' | 'offer' | 'redemption' | 'now'>): Shipment {
  const kind = kindOf(details)
  const status = FIRST_STATUS[kind]
  return {
    redemptionId: redemption.id,
    memberId: redemption.memberId,
    offerId: id,
    title,
    kind,
    addressRef: redemption.order.address ?? null,
    account: redemption.order.account ?? null,
    sku: details.type === 'virtual' && details.gives.kind === 'own' ? details.gives.sku : null,
    code: null,
    returnDays: isReturnable(details) ? settings.returnDays : null,
    status,
    orderedAt: now,
    pickedAt: null,
    sentAt: null,
    carrier: null,
    tracking: null,
    arrivesBy: null,
    receivedAt: status === 'given' ? now : null,
    returnRequestedAt: null,
    returnAcceptedAt: null,
    returnDeclinedAt: null,
    returnDeclinedBecause: null,
    endedAt: null,
    note: null,
    version: 1,
  }
}

/** What keeps a redemption from getting anything later; `why`: the refusal to answer with. */
export function neverGiven(shipment: Shipment, why: string): Shipment {
  return { ...shipment, status: 'never', receivedAt: null, code: null, note: why }
}

function kindOf(offer: GoodsOffer): GoodsKind {
  return offer.type === 'physical' ? 'physical' : offer.gives.kind
}

function isReturnable(offer: GoodsOffer): boolean {
  if (offer.type === 'physical') return offer.returnable
  return offer.gives.kind === 'own' && offer.gives.returnable
}
