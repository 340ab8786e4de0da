import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { isRefusal, type Refusal, refuse } from '../refusal/refusal.js'
import { checkLots } from './check-lots.js'
import type { Draft } from './draft.js'
import { makeUsable } from './make-usable.js'

/**
 * Pending lots become available, or claimable when their terms say so. `at` is when (epoch
 * milliseconds, default now): a claim's deadline counts from it. Returns the points that were
 * pending. Refuses LOT_NOT_FOUND, LOT_NOT_PENDING (when none of them is).
 */
export function confirmLots(
  draft: Draft,
  { lots: seqs, at = draft.view.now }: { lots: readonly number[]; at?: number },
): number | Refusal<LedgerRefusalCode> {
  const lots = checkLots(draft, seqs)
  if (isRefusal(lots)) return lots
  const pending = lots.filter((lot) => lot.pending > 0)
  if (pending.length === 0) return refuse('LOT_NOT_PENDING')
  let points = 0
  for (const lot of pending) {
    points += lot.pending
    makeUsable(draft, { lot, from: 'pending', amount: lot.pending, at })
  }
  return points
}
