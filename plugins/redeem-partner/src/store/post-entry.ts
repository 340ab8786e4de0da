import type { EntityManager } from 'typeorm'
import { type EntryKind, PartnerEntryEntity } from './partner-entry.entity.js'

/**
 * Writes the two lines of a posting to a partner's ledger. Its name is unique: the same charge twice
 * is a duplicate key, and the transaction it was in comes to nothing. `amountMinor`: by how much more
 * the partner holds for the programme; less than nothing: by how much less.
 */
export async function postEntry(
  manager: EntityManager,
  {
    name,
    kind,
    partnerId,
    amountMinor,
    redemptionId = null,
    offerId = null,
    at,
  }: {
    /** Of what: the redemption's id, or the payment's key. */
    readonly name: string
    readonly kind: EntryKind
    readonly partnerId: string
    readonly amountMinor: number
    readonly redemptionId?: string | null
    readonly offerId?: string | null
    readonly at: number
  },
): Promise<void> {
  const posting = postingName(kind, name)
  const line = { posting, partnerId, kind, redemptionId, offerId, at }
  await manager.insert(PartnerEntryEntity, [
    { ...line, account: 'partner', amountMinor },
    // Of nothing there is no negative.
    { ...line, account: kind === 'payment' ? 'paid' : 'costs', amountMinor: 0 - amountMinor },
  ])
}

export function postingName(kind: EntryKind, name: string): string {
  return `${kind}:${name}`
}
