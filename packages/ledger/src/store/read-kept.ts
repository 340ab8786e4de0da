import type { SqlConnection } from '../database/sql-connection.js'
import type { LedgerRecord, LedgerTransaction, RecordId } from '../posting/posting.js'
import { RECORD_COLUMNS, readRecord } from './rows.js'
import { findTransactionsAt, findTransactionsByKey, findTransactionsUnder } from './sql-history.js'
import { findRecords } from './sql-reads.js'
import { guardTail } from './tail-guard.js'

const COLUMNS = RECORD_COLUMNS.map((name) => `r.${name}`).join(', ')

/** What is kept of wallets, as the statements of one connection see it: in a snapshot as of its moment. */
export interface KeptReads {
  /** Records whose kinds begin so, of these wallets, in the order of wallet, kind and ref, after one. */
  recordsOf(page: {
    readonly wallets: readonly number[]
    readonly under: string
    readonly after: Pick<LedgerRecord, 'wallet' | 'kind' | 'ref'> | null
    readonly limit: number
  }): Promise<readonly LedgerRecord[]>
  records(ids: readonly RecordId[]): Promise<readonly LedgerRecord[]>
  byKey(keys: readonly string[]): Promise<readonly LedgerTransaction[]>
  /** Those of the named transactions that there are. */
  at(
    places: readonly { readonly wallet: number; readonly version: number }[],
  ): Promise<readonly LedgerTransaction[]>
  /** Transactions whose keys begin so. */
  underKeys(starts: readonly string[]): Promise<readonly LedgerTransaction[]>
}

export function readKept(sql: SqlConnection): KeptReads {
  return {
    async recordsOf({ wallets, under, after, limit }) {
      const from = after
        ? ' AND (r.wallet_id > ? OR (r.wallet_id = ? AND (r.kind > ? OR (r.kind = ? AND r.ref > ?))))'
        : ''
      const kind = after && guardTail(after.kind)
      const place = after ? [after.wallet, after.wallet, kind!, kind!, guardTail(after.ref)] : []
      const list = after ? wallets.filter((wallet) => wallet >= after.wallet) : wallets
      if (list.length === 0) return []
      const rows = await sql.select(
        `SELECT ${COLUMNS} FROM ledger_record r
         WHERE r.wallet_id IN (?) AND r.kind >= ? AND r.kind < ?${from}
         ORDER BY r.wallet_id, r.kind, r.ref LIMIT ?`,
        [list, under, `${under}~`, ...place, limit],
      )
      return rows.map(readRecord)
    },
    records: (ids) => findRecords(sql, ids),
    byKey: (keys) => findTransactionsByKey(sql, keys),
    at: (places) => findTransactionsAt(sql, places),
    underKeys: (starts) => findTransactionsUnder(sql, starts),
  }
}
