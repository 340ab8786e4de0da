import { hashTransaction } from '../chain/hash-transaction.js'
import type { Command, LedgerTransaction, Posting } from '../posting/posting.js'
import type { Wallet } from '../wallet/wallet.js'

/** The line of history that a posting becomes: numbered, linked to the one before, sealed by its
 * hash. */
export function writeTransaction(
  before: Wallet,
  posting: Posting,
  request: Pick<Command, 'key' | 'content'>,
): LedgerTransaction {
  const transaction: Omit<LedgerTransaction, 'hash'> = {
    id: `${before.id}-${posting.wallet.version}`,
    wallet: before.id,
    version: posting.wallet.version,
    type: posting.type,
    reason: posting.reason,
    key: request.key,
    content: request.content,
    entries: posting.entries,
    opened: posting.lots.filter(({ seq }) => seq > before.lastLot),
    before: before.balance,
    balance: posting.wallet.balance,
    explanation: posting.explanation,
    policyVersion: posting.policyVersion,
    labels: posting.labels,
    corrects: posting.corrects,
    recordedAt: posting.wallet.updatedAt,
    effectiveAt: posting.effectiveAt,
    result: posting.result,
    previousHash: before.head,
  }
  return { ...transaction, hash: hashTransaction(transaction) }
}
