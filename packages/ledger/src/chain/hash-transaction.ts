import { createHash } from 'node:crypto'
import type { LedgerTransaction } from '../posting/posting.js'
import { packBalance, packLot } from '../wallet/pack.js'

/** The head of a wallet with no transactions. */
export const GENESIS = '0'.repeat(64)

/**
 * SHA-256 (hex) over the previous hash and everything the transaction says, in a fixed order of
 * fields: to change anything in history, every later hash of the wallet has to change too (L8).
 */
export function hashTransaction(tx: Omit<LedgerTransaction, 'hash'>): string {
  return createHash('sha256')
    .update(
      JSON.stringify([
        tx.previousHash,
        tx.wallet,
        tx.version,
        tx.type,
        tx.reason,
        tx.key,
        tx.content,
        tx.entries.map((entry) => [entry.account, entry.lot, entry.amount]),
        tx.termed.map(packLot),
        packBalance(tx.before),
        packBalance(tx.balance),
        tx.explanation,
        tx.policyVersion,
        tx.labels,
        tx.corrects,
        tx.recordedAt,
        tx.effectiveAt,
        tx.result,
      ]),
    )
    .digest('hex')
}
