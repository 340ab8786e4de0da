import { type Draft, type DraftLot, move, moveToAvailable, repayDebt } from './draft.js'

/** What becomes of points that come back to a lot which expired meanwhile (L2). */
export type Reinstate =
  | { readonly policy: 'grace'; readonly graceMs: number }
  | { readonly policy: 'forfeit' }

/** Points come back from an account to the very lot they were taken from. */
export function putBack(
  draft: Draft,
  { lot, amount, from, lapsed }: { lot: DraftLot; amount: number; from: string; lapsed: Reinstate },
): void {
  const { now } = draft.view
  const expired = lot.expiresAt !== null && lot.expiresAt <= now
  if (expired && lapsed.policy === 'forfeit') {
    // The debt may be for these very points; nobody owes what ran out (see `clawBack`).
    const lost = amount - repayDebt(draft, { lot, from, amount })
    lot.lapsed += lost
    move(draft, { lot, from, to: 'expired', amount: lost })
    return
  }
  if (expired && lapsed.policy === 'grace') lot.expiresAt = now + lapsed.graceMs
  moveToAvailable(draft, { lot, from, amount })
}
