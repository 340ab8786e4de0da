import type { SqlConnection, SqlParameter, SqlRow } from '../database/sql-connection.js'
import type { LedgerTransaction, TransactionLine } from '../posting/posting.js'
import type { Entry } from '../wallet/wallet.js'
import {
  LINE_COLUMNS,
  readEntry,
  readTransaction,
  readTransactionLine,
  TRANSACTION_COLUMNS,
} from './rows.js'
import { selectEach } from './select-each.js'
import { guardTail } from './tail-guard.js'

const COLUMNS = TRANSACTION_COLUMNS.map((name) => `t.${name}`).join(', ')
const LINE = LINE_COLUMNS.map((name) => `t.${name}`).join(', ')
const ENTRY = 'e.wallet_id, e.version, e.account, e.lot, e.amount'
const OF_TRANSACTION =
  'ledger_transaction t JOIN ledger_entry e ON e.wallet_id = t.wallet_id AND e.version = t.version'

/** Most keys or wallets of one statement. */
const LIST = 4_000
/** Most wallets of one statement where each is a branch of it. */
const BRANCHES = 200

export async function findTransactionsByKey(
  sql: SqlConnection,
  keys: readonly string[],
): Promise<readonly LedgerTransaction[]> {
  const found: LedgerTransaction[] = []
  for (let start = 0; start < keys.length; start += LIST) {
    const list = keys.slice(start, start + LIST).map(guardTail)
    const rows = await sql.select(
      `SELECT ${COLUMNS} FROM ledger_transaction t WHERE t.idem_key IN (?)`,
      [list],
    )
    // Almost always there are none: a key comes again only when somebody asks again.
    if (rows.length === 0) continue
    const present = rows.map((row) => row.idem_key as string)
    const entries = await sql.select(
      `SELECT ${ENTRY} FROM ${OF_TRANSACTION} WHERE t.idem_key IN (?) ORDER BY e.wallet_id, e.version, e.position`,
      [present],
    )
    found.push(...join(rows, entries))
  }
  return found
}

/** Those whose keys begin so, in the order of wallet and version. */
export async function findTransactionsUnder(
  sql: SqlConnection,
  starts: readonly string[],
): Promise<readonly LedgerTransaction[]> {
  const found: LedgerTransaction[] = []
  for (let start = 0; start < starts.length; start += BRANCHES) {
    const some = starts.slice(start, start + BRANCHES)
    const rows = await sql.select(
      `SELECT ${COLUMNS} FROM ledger_transaction t
       WHERE ${some.map(() => '(t.idem_key >= ? AND t.idem_key < ?)').join(' OR ')}
       ORDER BY t.wallet_id, t.version`,
      some.flatMap((key) => [key, `${key}~`]),
    )
    const ranges = rows.map((row) => {
      const version = row.version as number
      return { wallet: row.wallet_id as number, first: version, last: version }
    })
    for (let at = 0; at < rows.length; at += BRANCHES) {
      const entries = await selectEntries(sql, ranges.slice(at, at + BRANCHES))
      found.push(...join(rows.slice(at, at + BRANCHES), entries))
    }
  }
  return found
}

export async function findTransactions(
  sql: SqlConnection,
  wallet: number,
  page:
    | { readonly after: number; readonly limit: number }
    | { readonly before: number | null; readonly limit: number },
): Promise<readonly LedgerTransaction[]> {
  const [bound, order, from] =
    'after' in page
      ? ['> ?', 'ASC', page.after]
      : ['< ?', 'DESC', page.before ?? Number.MAX_SAFE_INTEGER]
  const rows = await sql.select(
    `SELECT ${COLUMNS} FROM ledger_transaction t WHERE t.wallet_id = ? AND t.version ${bound} ORDER BY t.version ${order} LIMIT ?`,
    [wallet, from, page.limit],
  )
  return rows.length === 0 ? [] : join(rows, await selectEntries(sql, rangesOf(rows)))
}

export async function findNewestTransactions(
  sql: SqlConnection,
  wallets: readonly number[],
  limit: number,
): Promise<readonly TransactionLine[]> {
  const found: TransactionLine[] = []
  const distinct = [...new Set(wallets)]
  for (let start = 0; start < distinct.length; start += BRANCHES) {
    const some = distinct.slice(start, start + BRANCHES)
    // Along the index of each wallet; a window function would number its whole history first.
    const ofOne = `SELECT ${LINE} FROM ledger_transaction t WHERE t.wallet_id = ? ORDER BY t.version DESC LIMIT ?`
    const rows = await sql.select(
      selectEach(sql, ofOne, some.length),
      some.flatMap((wallet) => [wallet, limit]),
    )
    found.push(...rows.map(readTransactionLine))
  }
  const place = new Map(distinct.map((wallet, index) => [wallet, index]))
  return found.sort((a, b) => place.get(a.wallet)! - place.get(b.wallet)! || b.version - a.version)
}

/** Those of the named transactions that there are. */
export async function findTransactionsAt(
  sql: SqlConnection,
  places: readonly { readonly wallet: number; readonly version: number }[],
): Promise<readonly LedgerTransaction[]> {
  const byWallet = new Map<number, number[]>()
  for (const { wallet, version } of places) {
    const versions = byWallet.get(wallet)
    if (versions) versions.push(version)
    else byWallet.set(wallet, [version])
  }
  const found: LedgerTransaction[] = []
  const all = [...byWallet]
  // By wallets, not by places: a page of members is as many statements with a long history of each.
  for (let start = 0; start < all.length; start += BRANCHES) {
    const some = all.slice(start, start + BRANCHES)
    const parameters = some.flat()
    const each = (table: string) =>
      some.map(() => `(${table}.wallet_id = ? AND ${table}.version IN (?))`).join(' OR ')
    const rows = await sql.select(
      `SELECT ${COLUMNS} FROM ledger_transaction t WHERE ${each('t')}`,
      parameters,
    )
    if (rows.length === 0) continue
    const entries = await sql.select(
      `SELECT ${ENTRY} FROM ledger_entry e WHERE ${each('e')} ORDER BY e.wallet_id, e.version, e.position`,
      parameters,
    )
    for (const transaction of join(rows, entries)) found.push(transaction)
  }
  return found
}

/** All transactions of these wallets, ordered by wallet and version. */
export async function findHistories(
  sql: SqlConnection,
  wallets: readonly number[],
): Promise<readonly LedgerTransaction[]> {
  const found: LedgerTransaction[] = []
  const ordered = wallets.toSorted((a, b) => a - b)
  for (let start = 0; start < ordered.length; start += LIST) {
    const list = ordered.slice(start, start + LIST)
    const rows = await sql.select(
      `SELECT ${COLUMNS} FROM ledger_transaction t WHERE t.wallet_id IN (?) ORDER BY t.wallet_id, t.version`,
      [list],
    )
    const entries = await sql.select(
      `SELECT ${ENTRY} FROM ledger_entry e WHERE e.wallet_id IN (?) ORDER BY e.wallet_id, e.version, e.position`,
      [list],
    )
    for (const transaction of join(rows, entries)) found.push(transaction)
  }
  return found
}

interface VersionRange {
  readonly wallet: number
  readonly first: number
  readonly last: number
}

/** Versions of a wallet have no gaps, so a page of them is a range. */
function rangesOf(rows: readonly SqlRow[]): VersionRange[] {
  const ranges = new Map<number, VersionRange>()
  for (const row of rows) {
    const wallet = row.wallet_id as number
    const version = row.version as number
    const range = ranges.get(wallet) ?? { wallet, first: version, last: version }
    ranges.set(wallet, {
      wallet,
      first: Math.min(range.first, version),
      last: Math.max(range.last, version),
    })
  }
  return [...ranges.values()]
}

function selectEntries(
  sql: SqlConnection,
  ranges: readonly VersionRange[],
): Promise<readonly SqlRow[]> {
  const where = ranges.map(() => '(e.wallet_id = ? AND e.version BETWEEN ? AND ?)').join(' OR ')
  const parameters: SqlParameter[] = ranges.flatMap(({ wallet, first, last }) => [
    wallet,
    first,
    last,
  ])
  return sql.select(
    `SELECT ${ENTRY} FROM ledger_entry e WHERE ${where} ORDER BY e.wallet_id, e.version, e.position`,
    parameters,
  )
}

/** Puts each transaction together with its entries, in the order of the transactions. */
function join(rows: readonly SqlRow[], entryRows: readonly SqlRow[]): LedgerTransaction[] {
  const entries = new Map<string, Entry[]>()
  for (const row of entryRows) {
    const id = `${row.wallet_id}-${row.version}`
    const list = entries.get(id)
    if (list) list.push(readEntry(row))
    else entries.set(id, [readEntry(row)])
  }
  return rows.map((row) =>
    readTransaction(row, entries.get(`${row.wallet_id}-${row.version}`) ?? []),
  )
}
