import { isClosed, namedIn } from '../wallet/wallet-lock.js'
import { type Draft, type DraftLot, findLot, move, openLots } from './draft.js'
import { freeFrozen } from './free-frozen.js'

/**
 * From `usableUntil` on nothing in the wallet can be used (null: never that). An instant that has passed
 * closes the wallet at that instant, with what is due next. A wallet that was closed and now is not is
 * thawed, but for what somebody froze by name: what ran out meanwhile gets the new expiry `graceTo`, and
 * what could not be claimed in time as long again to be claimed; where `graceTo` is null both are lost.
 * Needs the lots; answers with the points that can be used again.
 */
export function setUsableUntil(
  draft: Draft,
  { usableUntil, graceTo }: { usableUntil: number | null; graceTo: number | null },
): number {
  const wasClosed = isClosed(draft.lock, draft.at)
  draft.lock = { ...draft.lock, usableUntil }
  // Also for what stays as it is: when next something happens by itself hangs on every lot.
  const lots = openLots(draft)
  if (!wasClosed || isClosed(draft.lock, draft.at)) return 0
  const before = draft.balance.frozen
  for (const { seq } of lots) {
    const lot = findLot(draft, seq)!
    const amount = lot.frozen - namedIn(draft.lock, seq)
    freeFrozen(draft, { lot, amount, graceTo })
    if (lot.claimable > 0) reopenClaim(draft, lot, graceTo)
  }
  return before - draft.balance.frozen
}

function reopenClaim(draft: Draft, lot: DraftLot, graceTo: number | null): void {
  const { at } = draft
  const isLate = lot.claimBy !== null && lot.claimBy <= at
  const ranOut = lot.expiresAt !== null && lot.expiresAt <= at
  if (!isLate && !ranOut) return
  if (graceTo === null) {
    const expired = ranOut && (lot.claimBy === null || lot.expiresAt! < lot.claimBy)
    const to = expired ? 'expired' : 'voided:unclaimed'
    lot.lapsed += lot.claimable
    move(draft, { lot, from: 'claimable', to, amount: lot.claimable })
    return
  }
  if (isLate) lot.claimBy = at + (lot.claimMs ?? 0)
  if (ranOut) lot.expiresAt = graceTo
}
