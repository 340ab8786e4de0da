import { readWhole } from '../database/columns.js'
import type { Insert, SqlConnection } from '../database/sql-connection.js'
import type { InsertStatement } from '../database/sql-dialect.js'
import type { LedgerRecord, LedgerTransaction, RecordId } from '../posting/posting.js'
import type { Wallet } from '../wallet/wallet.js'
import { ascending } from './database-order.js'
import type { BatchWrites, StoreSession } from './ledger-store.js'
import {
  ENTRY_COLUMNS,
  entryValues,
  FIGURE_COLUMNS,
  figureValues,
  LOT_COLUMNS,
  type LotOfWallet,
  lotValues,
  RECORD_COLUMNS,
  readRecord,
  readWallet,
  recordValues,
  TRANSACTION_COLUMNS,
  transactionValues,
  WALLET_COLUMNS,
  walletValues,
} from './rows.js'
import { SessionRules } from './session-rules.js'
import { findTransactionsByKey } from './sql-history.js'
import { NEW_NOTICE_COLUMNS, newNoticeValues } from './sql-notices.js'
import {
  findLotsBySeq,
  findLotsOf,
  findRecords,
  RECORD,
  selectInLists,
  WALLET,
} from './sql-reads.js'
import { guardTail, unguardTail } from './tail-guard.js'

const INSERTS = {
  wallets: into('ledger_wallet', WALLET_COLUMNS, 'update', ['id']),
  lots: into('ledger_lot', LOT_COLUMNS, 'update', ['wallet_id', 'seq']),
  // Whoever wrote the key or the version first is right: the other one runs again and finds it.
  transactions: into('ledger_transaction', TRANSACTION_COLUMNS, 'fail', ['idem_key']),
  entries: into('ledger_entry', ENTRY_COLUMNS, 'fail', ['wallet_id', 'version', 'position']),
  newRecords: into('ledger_record', RECORD_COLUMNS, 'fail', ['kind', 'ref']),
  records: into('ledger_record', RECORD_COLUMNS, 'update', ['kind', 'ref']),
  newCounters: into('ledger_counter', ['id', 'value'], 'ignore', ['id']),
  counters: into('ledger_counter', ['id', 'value'], 'update', ['id']),
  figures: into('ledger_figure', FIGURE_COLUMNS, 'fail', ['seq']),
  notices: into('ledger_notice', NEW_NOTICE_COLUMNS, 'fail', ['seq']),
} satisfies Record<string, InsertStatement>

function into(
  table: string,
  columns: readonly string[],
  onConflict: InsertStatement['onConflict'],
  key: readonly string[],
): InsertStatement {
  return { table, columns, onConflict, key }
}

/** A batch's session over one transaction: few statements, each for the whole batch. */
export class SqlSession implements StoreSession {
  private readonly rules = new SessionRules()

  constructor(private readonly sql: SqlConnection) {}

  async lockWallets(ids: readonly number[]): Promise<readonly Wallet[]> {
    const rows = await selectInLists(ascending(ids), (list) =>
      this.sql.select(this.locking(WALLET, 'ledger_wallet'), [list]),
    )
    const wallets = rows.map(readWallet)
    this.rules.lockedWallets(wallets.map(({ id }) => id))
    return wallets
  }

  findTransactionsByKey(keys: readonly string[]): Promise<readonly LedgerTransaction[]> {
    return findTransactionsByKey(this.sql, keys)
  }

  async findRecords(ids: readonly RecordId[]): Promise<readonly LedgerRecord[]> {
    const records = await findRecords(this.sql, ids)
    this.rules.readRecords(ids, records)
    return records
  }

  async findRecordsOf(wallet: number): Promise<readonly LedgerRecord[]> {
    const rows = await this.sql.select(`SELECT ${RECORD} FROM ledger_record WHERE wallet_id = ?`, [
      wallet,
    ])
    const records = rows.map(readRecord)
    this.rules.readRecords(records, records)
    return records
  }

  async findLots(
    selection: readonly { readonly wallet: number; readonly seqs: readonly number[] }[],
  ): Promise<readonly LotOfWallet[]> {
    const wallets = selection.map(({ wallet }) => wallet)
    const lots = await findLotsOf(this.sql, wallets, { open: true })
    const named = selection.filter(({ seqs }) => seqs.length > 0)
    if (named.length === 0) return lots
    const byName = new Map<string, LotOfWallet>()
    for (const lot of [...lots, ...(await findLotsBySeq(this.sql, named))]) {
      byName.set(`${lot.wallet}-${lot.lot.seq}`, lot)
    }
    return [...byName.values()].sort((a, b) => a.wallet - b.wallet || a.lot.seq - b.lot.seq)
  }

  async lockCounters(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const distinct = [...new Set(ids)].sort()
    const counters = await this.lockPresent(distinct)
    const missing = distinct.filter((id) => !counters.has(id))
    if (missing.length > 0) {
      await this.sql.insert(
        INSERTS.newCounters,
        missing.map((id) => [guardTail(id), 0]),
      )
      // Another one may have made them first, and counted.
      for (const [id, value] of await this.lockPresent(missing)) counters.set(id, value)
    }
    this.rules.lockedCounters(distinct)
    return counters
  }

  async write(writes: BatchWrites): Promise<void> {
    const unread = this.rules.unreadRecords(writes)
    if (unread.length > 0) await this.findRecords(unread)
    this.rules.assertMayWrite(writes)
    // A record that was not there when we looked, and is there now, is somebody else's.
    const isNew = (record: LedgerRecord) => this.rules.isNew(record)
    const { wallets, lots, transactions, records, counters, figures, notices = [] } = writes
    const inserts: readonly Insert[] = [
      { statement: INSERTS.wallets, rows: wallets.map(walletValues) },
      { statement: INSERTS.lots, rows: lots.map(lotValues) },
      { statement: INSERTS.transactions, rows: transactions.map(transactionValues) },
      { statement: INSERTS.entries, rows: transactions.flatMap(entryValues) },
      { statement: INSERTS.newRecords, rows: records.filter(isNew).map(recordValues) },
      {
        statement: INSERTS.records,
        rows: records.filter((record) => !isNew(record)).map(recordValues),
      },
      {
        statement: INSERTS.counters,
        rows: counters.map(({ id, value }) => [guardTail(id), value]),
      },
      { statement: INSERTS.figures, rows: figures.map((figure) => figureValues(figure, false)) },
      { statement: INSERTS.notices, rows: notices.map(newNoticeValues) },
    ]
    await this.sql.insertAll(inserts.filter(({ rows }) => rows.length > 0))
  }

  private async lockPresent(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await selectInLists(ids.map(guardTail), (list) =>
      this.sql.select(this.locking('id, value', 'ledger_counter'), [list]),
    )
    return new Map(rows.map((row) => [unguardTail(row.id as string), readWhole(row.value)]))
  }

  /** Everyone locks in ascending order, so nobody waits in a circle. SQLite has one writer, and
   * that is who we are; MySQL must go along the key, or it locks the rows it meets otherwise. */
  private locking(columns: string, table: string): string {
    return this.sql.dialect === 'sqlite'
      ? `SELECT ${columns} FROM ${table} WHERE id IN (?) ORDER BY id`
      : `SELECT ${columns} FROM ${table} FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE`
  }
}
