import { type Draft, type DraftLot, move, moveToAvailable } from './draft.js'

/**
 * Points that are no longer pending, at `at` (epoch milliseconds): available, or claimable for as
 * long as the lot's terms say.
 */
export function makeUsable(
  draft: Draft,
  { lot, from, amount, at }: { lot: DraftLot; from: string; amount: number; at: number },
): void {
  if (lot.claimMs === null) {
    moveToAvailable(draft, { lot, from, amount })
  } else {
    lot.claimBy = at + lot.claimMs
    move(draft, { lot, from, to: 'claimable', amount })
  }
}
