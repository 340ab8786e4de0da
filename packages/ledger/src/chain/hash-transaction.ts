import { hash } from 'node:crypto'
import type { LedgerTransaction } from '../posting/posting.js'
import { bodyTexts, wholeBodyText } from '../posting/transaction-body.js'

/** The head of a wallet with no transactions. */
export const GENESIS = '0'.repeat(64)

/** What stands for the digest of a transaction that was told otherwise, and had none: nobody can
 * recount its hash any more. */
export const UNVOUCHED = ''

type Unhashed = Omit<LedgerTransaction, 'hash'>

/**
 * SHA-256 (hex) over the previous hash, everything that moved, and the digest of what is told about it:
 * the fields that have columns as a JSON list in a fixed order, the rest as it lies in the database, the
 * digest; a line feed between them. To change anything in history, every later hash of the wallet has to
 * change too (L8). What is told may be told otherwise (M8): its first digest stays, and so does the hash.
 */
export function hashTransaction(tx: Unhashed): string {
  if (tx.salt === undefined && tx.erased === undefined) return hashWhole(tx)
  const head = JSON.stringify([
    tx.previousHash,
    tx.wallet,
    tx.version,
    tx.type,
    tx.entries.map(({ account, lot, amount }) => [account, lot, amount]),
    tx.recordedAt,
    tx.effectiveAt,
  ])
  const told = tx.erased ?? toldDigest(tx)
  return hash('sha256', `${head}\n${bodyTexts(tx).kept}\n${told}`, 'hex')
}

/** SHA-256 (hex) over the key, the reason and what is told, with the salt in it: without that nobody can
 * find out by trying whom a digest is about. */
export function toldDigest(tx: Unhashed): string {
  const head = JSON.stringify([tx.key, tx.reason])
  return hash('sha256', `${head}\n${bodyTexts(tx).told}`, 'hex')
}

/** As it was before what is told and what moved were two: over all of it. */
function hashWhole(tx: Unhashed): string {
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
  return hash('sha256', `${head}\n${wholeBodyText(tx)}`, 'hex')
}
