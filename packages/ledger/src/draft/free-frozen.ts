import { isClosed } from '../wallet/wallet-lock.js'
import { type Draft, type DraftLot, move, moveToAvailable, repayDebt } from './draft.js'

/**
 * Frozen points of a lot are usable again, after they repaid what is owed. A lot that ran out meanwhile
 * gets a new expiry, `graceTo`; where that is null, what ran out is lost, but even then it repays first:
 * nobody owes points that nobody has (see `clawBack`).
 */
export function freeFrozen(
  draft: Draft,
  { lot, amount, graceTo }: { lot: DraftLot; amount: number; graceTo: number | null },
): void {
  if (amount === 0) return
  const ranOut =
    lot.expiresAt !== null && lot.expiresAt <= draft.at && !isClosed(draft.lock, draft.at)
  if (ranOut && graceTo === null) {
    const lost = amount - repayDebt(draft, { lot, from: 'frozen', amount })
    lot.lapsed += lost
    move(draft, { lot, from: 'frozen', to: 'expired', amount: lost })
    return
  }
  if (ranOut) lot.expiresAt = graceTo
  moveToAvailable(draft, { lot, from: 'frozen', amount })
}
