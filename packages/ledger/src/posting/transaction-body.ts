import { type PackedBalance, type PackedLot, packBalance, packLot } from '../wallet/pack.js'
import type { LedgerTransaction } from './posting.js'

/** What of a transaction nobody searches by. Lots and balances without the names of their fields:
 * those would be half of all history. */
export interface TransactionBody
  extends Pick<
    LedgerTransaction,
    'content' | 'explanation' | 'policyVersion' | 'labels' | 'corrects' | 'result' | 'lock'
  > {
  readonly termed: readonly PackedLot[]
  readonly before: PackedBalance
  readonly balance: PackedBalance
}

/** It is hashed, and soon after written: made once. */
const made = new WeakMap<object, string>()

/** The body as JSON: what is hashed, and what lies in the database. */
export function bodyText(transaction: Omit<LedgerTransaction, 'hash'>): string {
  const before = made.get(transaction)
  if (before !== undefined) return before
  const body: TransactionBody = {
    content: transaction.content,
    termed: transaction.termed.map(packLot),
    before: packBalance(transaction.before),
    balance: packBalance(transaction.balance),
    explanation: transaction.explanation,
    policyVersion: transaction.policyVersion,
    labels: transaction.labels,
    corrects: transaction.corrects,
    result: transaction.result,
    ...(transaction.lock !== undefined && { lock: transaction.lock }),
  }
  const text = JSON.stringify(body)
  made.set(transaction, text)
  return text
}
