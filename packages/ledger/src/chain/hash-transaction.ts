import { hash } from 'node:crypto'
import type { LedgerTransaction } from '../posting/posting.js'
import { bodyText } from '../posting/transaction-body.js'

/** The head of a wallet with no transactions. */
export const GENESIS = '0'.repeat(64)

/**
 * SHA-256 (hex) over the previous hash and everything the transaction says: the fields that have
 * columns as a JSON list in a fixed order, a line feed, and the body as it lies in the database. To
 * change anything in history, every later hash of the wallet has to change too (L8).
 */
export function hashTransaction(tx: Omit<LedgerTransaction, 'hash'>): string {
  const head = JSON.stringify([
    tx.previousHash,
    tx.wallet,
    tx.version,
    tx.type,
    tx.reason,
    tx.key,
    tx.entries.map(({ account, lot, amount }) => [account, lot, amount]),
    tx.recordedAt,
    tx.effectiveAt,
  ])
  return hash('sha256', `${head}\n${bodyText(tx)}`, 'hex')
}
