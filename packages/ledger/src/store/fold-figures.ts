import type { FigureSum } from './ledger-store.js'

/** One row for each day, account and labels, in the order in which they first appear. */
export function foldFigures(
  rows: readonly FigureSum[],
  startOfDay: (at: number) => number,
): FigureSum[] {
  const folded = new Map<string, FigureSum>()
  for (const row of rows) {
    const at = startOfDay(row.at)
    const key = `${at}\u0000${row.account}\u0000${row.labels}`
    const sum = folded.get(key)
    folded.set(key, {
      ...row,
      at,
      amount: row.amount + (sum?.amount ?? 0n),
      transactions: row.transactions + (sum?.transactions ?? 0),
    })
  }
  return [...folded.values()]
}
