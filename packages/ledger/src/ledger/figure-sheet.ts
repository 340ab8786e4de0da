import type { LedgerTransaction } from '../posting/posting.js'
import type { FigureRow } from '../store/ledger-store.js'

/** Adds up what a batch moved, by moment, account and labels: one row each, appended with the batch.
 * Almost always a batch is of one moment; not where a clock ran ahead of this server's. */
export class FigureSheet {
  private readonly sums = new Map<
    string,
    { at: number; account: string; labels: string; amount: number; transactions: number }
  >()

  count(transaction: LedgerTransaction): void {
    const labels = JSON.stringify(sorted(transaction.labels))
    const at = transaction.recordedAt
    const counted = new Set<string>()
    for (const { account, amount } of transaction.entries) {
      const key = `${at}\u0000${account}\u0000${labels}`
      const sum = this.sums.get(key) ?? { at, account, labels, amount: 0, transactions: 0 }
      sum.amount += amount
      if (!counted.has(account)) sum.transactions++
      counted.add(account)
      this.sums.set(key, sum)
    }
  }

  rows(): FigureRow[] {
    return [...this.sums.values()]
  }
}

/** By name: the order in which somebody wrote them down makes no other figure. */
function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(labels)
  if (names.every((name, place) => place === 0 || names[place - 1]! < name)) return labels
  return Object.fromEntries(names.sort().map((name) => [name, labels[name]!]))
}
