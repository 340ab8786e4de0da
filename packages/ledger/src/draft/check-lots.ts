import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { type Draft, type DraftLot, findLot } from './draft.js'

/** The named lots, each once, or LOT_NOT_FOUND with the place of the first that this wallet never
 * had. */
export function checkLots(
  draft: Draft,
  seqs: readonly number[],
): readonly DraftLot[] | Refusal<LedgerRefusalCode> {
  const lots = new Set<DraftLot>()
  for (const [place, seq] of seqs.entries()) {
    const lot = findLot(draft, seq)
    if (!lot) return refuse('LOT_NOT_FOUND', { field: `lots.${place}` })
    lots.add(lot)
  }
  return [...lots]
}
