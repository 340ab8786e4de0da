import type { OfferFacts } from '@pointwell/plugin'
import type { Offer } from './offer-terms.js'

/** What a channel is told of an offer. */
export function offerFacts(offer: Offer): OfferFacts {
  return {
    id: offer.id,
    title: offer.title,
    details: offer.details,
    cashValueMinor: offer.cashValue.amountMinor,
    currency: offer.cashValue.currency,
  }
}
