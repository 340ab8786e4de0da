import type { Database } from '../database/database.js'
import type { SqlConnection } from '../database/sql-connection.js'
import type { InsertStatement } from '../database/sql-dialect.js'
import { StoreConflict } from '../database/store-conflict.js'
import { ascending } from './database-order.js'
import { emptyWallet } from './empty-wallet.js'
import type { LedgerStore, Seal, SealedHead } from './ledger-store.js'
import { readRecord, WALLET_COLUMNS, walletValues } from './rows.js'
import { findBalancesAt } from './sql-balances-at.js'
import { foldSomeFigures } from './sql-figures.js'
import {
  findNewestTransactions,
  findTransactions,
  findTransactionsAt,
  findTransactionsByKey,
} from './sql-history.js'
import { findLotPages } from './sql-lots.js'
import {
  claimNotices,
  endNotices,
  findDueNotices,
  findFailedNotices,
  postponeNotice,
  releaseNotices,
} from './sql-notices.js'
import {
  findCounters,
  findLotsOf,
  findNewestRecords,
  findRecords,
  findVersions,
  findWallets,
  RECORD,
} from './sql-reads.js'
import { retellWallet } from './sql-retelling.js'
import { findUnsealedHeads, HEADS_OF_A_SEAL, writeSeal } from './sql-seals.js'
import { SqlSession } from './sql-session.js'
import { SqlSnapshot } from './sql-snapshot.js'
import { findTotalsAt } from './sql-totals.js'
import { sumFigures } from './sum-figures.js'
import { guardTail } from './tail-guard.js'

/** Behind every text of a key: no character is above it. */
const ABOVE_ALL = '\u{10ffff}'

const SEAL_ATTEMPTS = 5

const NEW_WALLETS: InsertStatement = {
  table: 'ledger_wallet',
  columns: WALLET_COLUMNS,
  onConflict: 'ignore',
  key: ['id'],
}

/** The ledger's store on a database that has `LEDGER_MIGRATIONS`. Closing the database is the
 * caller's business. */
export function openSqlStore(database: Database): LedgerStore {
  const read = <T>(work: (sql: SqlConnection) => Promise<T>): Promise<T> =>
    database.read((manager) => work(database.connection(manager)))
  const write = <T>(work: (sql: SqlConnection) => Promise<T>): Promise<T> =>
    database.write((manager) => orConflict(database, database.connection(manager), work))

  /** Another server may seal at the same moment: what it left goes under the next one. */
  const sealSome = async (
    work: (sql: SqlConnection) => Promise<Seal | undefined>,
  ): Promise<Seal | undefined> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write(work)
      } catch (fault) {
        if (!(fault instanceof StoreConflict) || attempt >= SEAL_ATTEMPTS) throw fault
      }
    }
  }

  return {
    name: database.dialect,
    writesSideBySide: database.dialect === 'mysql',

    // One attempt: the ledger decides whether a batch runs again.
    transaction: (work) =>
      database.writeInBulk(
        (connection) => orConflict(database, connection, (sql) => work(new SqlSession(sql))),
        { attempts: 1 },
      ),

    async openWallets(ids, at) {
      const known = await read((sql) => findVersions(sql, ids))
      const missing = ascending(ids).filter((id) => !known.has(id))
      if (missing.length === 0) return
      await write((sql) =>
        sql.insert(
          NEW_WALLETS,
          missing.map((id) => walletValues(emptyWallet(id, at))),
        ),
      )
    },

    findWallets: (ids) => read((sql) => findWallets(sql, ids)),
    findVersions: (ids) => read((sql) => findVersions(sql, ids)),

    async findDueWallets(now, limit) {
      const rows = await read((sql) =>
        sql.select(
          'SELECT id FROM ledger_wallet WHERE next_due_at <= ? ORDER BY next_due_at, id LIMIT ?',
          [now, limit],
        ),
      )
      return rows.map((row) => row.id as number)
    },

    async findWalletsDueUntil({ until, after, limit }) {
      const [dueAt, id] = after ? [after.dueAt, after.id] : [Number.MIN_SAFE_INTEGER, 0]
      const rows = await read((sql) =>
        sql.select(
          `SELECT id, next_due_at FROM ledger_wallet
           WHERE next_due_at <= ? AND next_due_at >= ? AND (next_due_at > ? OR id > ?)
           ORDER BY next_due_at, id LIMIT ?`,
          [until, dueAt, dueAt, id, limit],
        ),
      )
      return rows.map((row) => ({ id: Number(row.id), dueAt: Number(row.next_due_at) }))
    },

    findLots: (wallets, options) => read((sql) => findLotsOf(sql, wallets, options)),
    findLotPages: (pages, options) => read((sql) => findLotPages(sql, pages, options)),
    findTransactions: (wallet, page) => read((sql) => findTransactions(sql, wallet, page)),
    findNewestTransactions: (wallets, limit) =>
      read((sql) => findNewestTransactions(sql, wallets, limit)),

    findTransactionsAt: (places) => read((sql) => findTransactionsAt(sql, places)),

    findBalancesAt: (moments) => read((sql) => findBalancesAt(sql, moments)),

    findTotalsAt: (at) => read((sql) => findTotalsAt(sql, at)),

    sumFigures: (span) => read((sql) => sumFigures(sql, span)),

    async findTransactionByKey(key) {
      return (await read((sql) => findTransactionsByKey(sql, [key])))[0]
    },

    async findRecord(id) {
      return (await read((sql) => findRecords(sql, [id])))[0]
    },

    findRecords: (ids) => read((sql) => findRecords(sql, ids)),

    async findRecordsOf(wallet, kind, { beforeRef, limit }) {
      const rows = await read((sql) =>
        sql.select(
          `SELECT ${RECORD} FROM ledger_record WHERE wallet_id = ? AND kind = ? AND ref < ? ORDER BY ref DESC LIMIT ?`,
          [wallet, guardTail(kind), beforeRef === null ? ABOVE_ALL : guardTail(beforeRef), limit],
        ),
      )
      return rows.map(readRecord)
    },

    findNewestRecords: (wallets, kind, limit) =>
      read((sql) => findNewestRecords(sql, wallets, kind, limit)),

    async findDueRecords(kind, now, limit, after = null) {
      const behind = after ? ' AND due_at >= ? AND (due_at > ? OR ref > ?)' : ''
      const place = after ? [after.dueAt, after.dueAt, guardTail(after.ref)] : []
      const rows = await read((sql) =>
        sql.select(
          `SELECT ${RECORD} FROM ledger_record WHERE kind = ? AND due_at <= ?${behind}
           ORDER BY due_at, ref LIMIT ?`,
          [guardTail(kind), now, ...place, limit],
        ),
      )
      return rows.map(readRecord)
    },

    findCounters: (ids) => read((sql) => findCounters(sql, ids)),

    findDueNotices: (topics, terms) => read((sql) => findDueNotices(sql, topics, terms)),
    findFailedNotices: (limit) => read((sql) => findFailedNotices(sql, limit)),

    notices: {
      // Looking costs no transaction: most of the time there is nothing.
      async claim(terms) {
        const found = await read((sql) => findDueNotices(sql, terms.topics, terms))
        return found.length === 0 ? [] : write((sql) => claimNotices(sql, found, terms))
      },
      end: (claim, seqs) => write((sql) => endNotices(sql, claim, seqs)),
      postpone: (claim, failed) =>
        write(async (sql) => {
          for (const one of failed) await postponeNotice(sql, claim, one)
        }),
      release: (claim, seqs) => write((sql) => releaseNotices(sql, claim, seqs)),
    },

    snapshot: (work) =>
      database.snapshot((manager) => work(new SqlSnapshot(database.connection(manager)))),

    retell: (wallet, retelling) => write((sql) => retellWallet(sql, wallet, retelling)),

    async seal(at, rootOf) {
      let last: Seal | undefined
      let heads: readonly SealedHead[] = []
      for (let after: number | null = 0; after !== null; ) {
        const from: number = after
        const page = await read((sql) => findUnsealedHeads(sql, from))
        after = page.next
        heads = [...heads, ...page.heads]
        if (heads.length >= HEADS_OF_A_SEAL || (after === null && heads.length > 0)) {
          const some = heads
          heads = []
          last = (await sealSome((sql) => writeSeal(sql, at, some, rootOf))) ?? last
        }
        // Whatever else waits comes first: this has time.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return last
    },

    async foldFigures(before, startOfDay) {
      for (let folded = 0; ; ) {
        const some = await write((sql) => foldSomeFigures(sql, before, startOfDay))
        if (some === 0) return folded
        folded += some
      }
    },
  }
}

/** A key that another server wrote first is found when the work runs again. */
async function orConflict<T>(
  database: Database,
  connection: SqlConnection,
  work: (sql: SqlConnection) => Promise<T>,
): Promise<T> {
  try {
    return await work(connection)
  } catch (fault) {
    if (!database.sql.isDuplicateKey(fault)) throw fault
    throw new StoreConflict('somebody wrote the same key first', { cause: fault })
  }
}
