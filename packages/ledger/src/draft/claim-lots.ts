import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { isRefusal, type Refusal, refuse } from '../refusal/refusal.js'
import { checkLots } from './check-lots.js'
import { type Draft, type DraftLot, findLot, moveToAvailable, openLots } from './draft.js'

/**
 * The member takes what is claimable: the named lots, or all. Returns the points claimed. Refuses
 * LOT_NOT_FOUND, CLAIM_TOO_LATE (a named lot was claimable and its deadline passed, `when`),
 * LOT_NOT_CLAIMABLE (when there is nothing to claim among them).
 */
export function claimLots(
  draft: Draft,
  { lots: seqs }: { lots?: readonly number[] } = {},
): number | Refusal<LedgerRefusalCode> {
  const lots = seqs
    ? checkLots(draft, seqs)
    : openLots(draft).map((lot) => findLot(draft, lot.seq)!)
  if (isRefusal(lots)) return lots
  const claimable = lots.filter((lot) => lot.claimable > 0)
  if (claimable.length === 0) {
    const late = lots.find((lot) => isTooLate(lot, draft.view.now))
    if (seqs && late) return refuse('CLAIM_TOO_LATE', { when: late.claimBy! })
    return refuse('LOT_NOT_CLAIMABLE')
  }
  let points = 0
  for (const lot of claimable) {
    points += lot.claimable
    moveToAvailable(draft, { lot, from: 'claimable', amount: lot.claimable })
  }
  return points
}

/** Its deadline passed and took points with it; a lot that was claimed in time keeps its `claimBy`. */
function isTooLate({ claimBy, lapsed }: DraftLot, now: number): boolean {
  return claimBy !== null && claimBy <= now && lapsed > 0
}
