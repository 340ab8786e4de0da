import type { Price, PriceRefusal } from '@pointwell/economy'
import {
  basePrice,
  changed,
  hangsOnMore,
  inTrial,
  type OfferPrice,
  type Priced,
  type PricePlace,
} from './offer-price.js'
import type { OfferTerms } from './offer-terms.js'

type Place = Pick<PricePlace, 'pricing' | 'pointValue' | 'loop'>

const remembered = new WeakMap<
  OfferTerms['price'],
  {
    readonly cashValue: OfferTerms['cashValue']
    readonly place: Place
    readonly price: Price | PriceRefusal
  }
>()

const plain = new WeakMap<Price, Map<string, OfferPrice>>()

/**
 * As `offerPrice`, for pages: what the terms said under the same policy they say again, and so does a price
 * that nothing but the tier changes. By identity: the same terms and policy are the same objects, and other
 * ones are asked anew.
 */
export function shownPrice(offer: Priced, place: PricePlace): OfferPrice | PriceRefusal {
  const tried = inTrial(offer, place)
  const base = shownBase(tried, place)
  if ('code' in base) return base
  if (hangsOnMore(tried, place)) return changed(base, tried, place)
  let byTier = plain.get(base)
  if (!byTier) {
    byTier = new Map()
    plain.set(base, byTier)
  }
  const name = `${place.tier.priceFactor} ${place.tier.id}`
  const shown = byTier.get(name) ?? changed(base, tried, place)
  byTier.set(name, shown)
  return shown
}

function shownBase(offer: Priced, place: PricePlace): Price | PriceRefusal {
  const known = remembered.get(offer.price)
  if (
    known?.cashValue === offer.cashValue &&
    known.place.pricing === place.pricing &&
    known.place.pointValue === place.pointValue &&
    known.place.loop === place.loop
  ) {
    return known.price
  }
  const price = basePrice(offer, place)
  const { pricing, loop, pointValue } = place
  const kept = { pricing, loop, ...(pointValue !== undefined && { pointValue }) }
  remembered.set(offer.price, { cashValue: offer.cashValue, place: kept, price })
  return price
}
