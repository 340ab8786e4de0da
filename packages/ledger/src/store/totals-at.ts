import type { LedgerTransaction } from '../posting/posting.js'

/** The sum of all entries recorded at or before `at`, by account: the journal added up, which a store in
 * memory can afford. */
export function totalsAt(
  histories: Iterable<readonly LedgerTransaction[]>,
  at: number,
): ReadonlyMap<string, bigint> {
  const totals = new Map<string, bigint>()
  for (const history of histories) {
    for (const { recordedAt, entries } of history) {
      if (recordedAt > at) break
      for (const { account, amount } of entries) {
        totals.set(account, (totals.get(account) ?? 0n) + BigInt(amount))
      }
    }
  }
  return totals
}
