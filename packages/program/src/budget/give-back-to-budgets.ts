import type { Draft } from '@pointwell/ledger'
import type { KeptPart } from '../campaign/kept-parts.js'
import { giveBack } from './budget-shards.js'

/**
 * What a return took from the member (or the member owes) can be granted to others, by the budgets that
 * it came from, each of the period of the grant. What ran out, or stays with the member all the same,
 * was issued.
 */
export function giveBackToBudgets(
  draft: Draft,
  lost: readonly { readonly part: KeptPart; readonly points: number }[],
  shard: number,
): void {
  for (const { part, points } of lost) {
    for (const name of part.budgets ?? []) giveBack(draft, name, { shard, points })
  }
}
