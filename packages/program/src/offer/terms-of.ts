import { type OfferTerms, offerTermsSchema } from './offer-terms.js'

/** More than a programme offers at a time. */
const MOST = 2_000

const remembered = new Map<string, OfferTerms>()

/**
 * The terms out of their JSON. The same text gives the very same object, which nobody can change: offers
 * are read with every page and change seldom, and checking them costs more than reading them.
 */
export function termsOf(json: string): OfferTerms {
  let terms = remembered.get(json)
  if (!terms) {
    terms = freezeDeeply(offerTermsSchema.parse(JSON.parse(json)))
    if (remembered.size >= MOST) remembered.clear()
    remembered.set(json, terms)
  }
  return terms
}

function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freezeDeeply(part)
    Object.freeze(value)
  }
  return value
}
