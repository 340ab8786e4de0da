import type { PriceRefusal } from '@pointwell/economy'
import { type OfferPrice, offerPrice } from './offer-price.js'
import type { OfferTerms } from './offer-terms.js'

type Pricing = Parameters<typeof offerPrice>[1]

const remembered = new WeakMap<
  OfferTerms['price'],
  {
    readonly cashValue: OfferTerms['cashValue']
    readonly pricing: Pricing
    readonly price: OfferPrice | PriceRefusal
  }
>()

/**
 * As `offerPrice`, for pages: what the terms said under the same policy to the same tier they say
 * again. By identity: the same terms, policy and tier are the same objects, and other ones are asked anew.
 */
export function shownPrice(
  offer: Pick<OfferTerms, 'price' | 'cashValue'>,
  pricing: Pricing,
): OfferPrice | PriceRefusal {
  const known = remembered.get(offer.price)
  if (
    known?.cashValue === offer.cashValue &&
    known.pricing.pricing === pricing.pricing &&
    known.pricing.tier === pricing.tier &&
    known.pricing.pointValue === pricing.pointValue &&
    known.pricing.loop === pricing.loop
  ) {
    return known.price
  }
  const price = offerPrice(offer, pricing)
  remembered.set(offer.price, { cashValue: offer.cashValue, pricing, price })
  return price
}
