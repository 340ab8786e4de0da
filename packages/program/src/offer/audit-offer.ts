import type { JsonObject } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import { differing } from '../audit/differing.js'
import type { Offer } from './offer-terms.js'

/** The entry of an offer that is new, or of what changed of it. */
export function auditOffer({
  acting,
  before,
  offer,
}: {
  acting: Acting
  before: Offer | null
  offer: Offer
}): NewAuditEntry {
  const states = before
    ? differing(shown(before), shown(offer))
    : { before: null, after: shown(offer) }
  return {
    ...acting,
    at: offer.updatedAt,
    act: before ? 'updateOffer' : 'createOffer',
    target: { kind: 'offer', id: offer.id },
    ...states,
    key: `offer:${offer.id}:${offer.version}`,
  }
}

function shown({ id: _, createdAt: __, updatedAt: ___, ...offer }: Offer): JsonObject {
  return offer as unknown as JsonObject
}
