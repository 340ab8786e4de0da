import type { ChannelContext } from '@pointwell/plugin'
import type { PartnerOffer } from '../offer/partner-offer.js'
import type { PartnerSettings } from '../settings/partner-settings.js'
import type { PartnerRefusalCode } from '../words/partner-words.js'
import type { Right } from './right.js'

export type PartnerOrder = Record<string, never>
export type PartnerContext = ChannelContext<PartnerSettings, PartnerOffer, PartnerOrder>

/** What a redemption is to get of the partner, at the cost that its offer says today. */
export function newRight({
  offer: { id, title, details },
  redemption,
  now,
}: Pick<PartnerContext, 'offer' | 'redemption' | 'now'>): Right {
  const { partner, costMinor, gives } = details
  return {
    redemptionId: redemption.id,
    partnerId: partner,
    memberId: redemption.memberId,
    offerId: id,
    title,
    source: gives.source,
    costMinor,
    returnable: gives.returnable,
    product: gives.source === 'api' ? gives.product : null,
    privilege: gives.source === 'privilege' ? gives.privilege : null,
    status: 'asking',
    code: null,
    startsAt: null,
    endsAt: null,
    orderedAt: now,
    givenAt: null,
    voidedAt: null,
    refusal: null,
    attempts: 0,
    askedUntil: 0,
    version: 1,
  }
}

/** What keeps a redemption from getting anything later; `why`: the refusal to answer with. */
export function neverGiven(right: Right, why: PartnerRefusalCode): Right {
  return { ...right, status: 'never', refusal: why }
}
