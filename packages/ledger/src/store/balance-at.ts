import { isDueKey } from '../ledger/assert-key.js'
import type { LedgerTransaction } from '../posting/posting.js'
import type { Balance, Wallet } from '../wallet/wallet.js'

/**
 * What a wallet held at `at` (epoch milliseconds), as far as its history is written: after the last
 * transaction recorded at or before it, and after what was due by then and was written directly behind
 * that one. Found by halves: a wallet's time never runs backwards.
 */
export function balanceAt(
  wallet: Wallet,
  history: readonly LedgerTransaction[],
  at: number,
): Balance {
  let low = 0
  let high = history.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (history[middle]!.recordedAt <= at) low = middle + 1
    else high = middle
  }
  while (low < history.length && isDueBy(history[low]!, at)) low++
  return history[low]?.before ?? wallet.balance
}

function isDueBy({ key, effectiveAt }: LedgerTransaction, at: number): boolean {
  return isDueKey(key) && effectiveAt <= at
}
