import { readWhole } from '../database/columns.js'
import type { SqlConnection, SqlParameter, SqlRow } from '../database/sql-connection.js'
import type { LedgerRecord, RecordId } from '../posting/posting.js'
import type { Wallet } from '../wallet/wallet.js'
import { ascending, compareText } from './database-order.js'
import {
  LOT_COLUMNS,
  type LotOfWallet,
  RECORD_COLUMNS,
  readLot,
  readRecord,
  readWallet,
  WALLET_COLUMNS,
} from './rows.js'
import { selectEach } from './select-each.js'
import { guardTail, unguardTail } from './tail-guard.js'

export const WALLET = WALLET_COLUMNS.join(', ')
const LOT = LOT_COLUMNS.join(', ')
export const RECORD = RECORD_COLUMNS.join(', ')

/** Most values of one list in a statement: of the longest page of longest pages. */
const LIST = 10_000
/** Most wallets of which one statement asks for the newest: each is a `SELECT` of its own. */
const BRANCHES = 200

/** Runs one `SELECT` for each so many values. */
export async function selectInLists<T extends number | string>(
  values: readonly T[],
  select: (list: readonly T[]) => Promise<readonly SqlRow[]>,
): Promise<readonly SqlRow[]> {
  if (values.length === 0) return []
  if (values.length <= LIST) return select(values)
  const rows: SqlRow[] = []
  for (let start = 0; start < values.length; start += LIST) {
    for (const row of await select(values.slice(start, start + LIST))) rows.push(row)
  }
  return rows
}

/** In ascending order of id. */
export async function findWallets(
  sql: SqlConnection,
  ids: readonly number[],
): Promise<readonly Wallet[]> {
  const rows = await selectInLists(ascending(ids), (list) =>
    sql.select(`SELECT ${WALLET} FROM ledger_wallet WHERE id IN (?) ORDER BY id`, [list]),
  )
  return rows.map(readWallet)
}

export async function findVersions(
  sql: SqlConnection,
  ids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await selectInLists(ascending(ids), (list) =>
    sql.select('SELECT id, version FROM ledger_wallet WHERE id IN (?)', [list]),
  )
  return new Map(rows.map((row) => [readWhole(row.id), readWhole(row.version)]))
}

export async function findLotsOf(
  sql: SqlConnection,
  wallets: readonly number[],
  { open }: { readonly open: boolean },
): Promise<readonly LotOfWallet[]> {
  const where = open ? 'wallet_id IN (?) AND is_open = 1' : 'wallet_id IN (?)'
  const rows = await selectInLists(ascending(wallets), (list) =>
    sql.select(`SELECT ${LOT} FROM ledger_lot WHERE ${where} ORDER BY wallet_id, seq`, [list]),
  )
  return rows.map(readLot)
}

export async function findLotsBySeq(
  sql: SqlConnection,
  selection: readonly { readonly wallet: number; readonly seqs: readonly number[] }[],
): Promise<readonly LotOfWallet[]> {
  const lots: LotOfWallet[] = []
  for (let start = 0; start < selection.length; start += 100) {
    const some = selection.slice(start, start + 100)
    const rows = await sql.select(
      `SELECT ${LOT} FROM ledger_lot WHERE ${some.map(() => '(wallet_id = ? AND seq IN (?))').join(' OR ')}`,
      some.flatMap(({ wallet, seqs }): SqlParameter[] => [wallet, seqs]),
    )
    for (const row of rows) lots.push(readLot(row))
  }
  return lots
}

/** A statement for each kind: a list of pairs is not looked up by index everywhere. */
export async function findRecords(
  sql: SqlConnection,
  ids: readonly RecordId[],
): Promise<readonly LedgerRecord[]> {
  const refs = new Map<string, Set<string>>()
  for (const { kind, ref } of ids) {
    const list = refs.get(kind)
    if (list) list.add(ref)
    else refs.set(kind, new Set([ref]))
  }
  const records: LedgerRecord[] = []
  for (const [kind, list] of refs) {
    const rows = await selectInLists([...list].map(guardTail), (some) =>
      sql.select(`SELECT ${RECORD} FROM ledger_record WHERE kind = ? AND ref IN (?)`, [
        guardTail(kind),
        some,
      ]),
    )
    for (const row of rows) records.push(readRecord(row))
  }
  return records
}

/** The `limit` records of a kind with the highest refs of each wallet, these first. */
export async function findNewestRecords(
  sql: SqlConnection,
  wallets: readonly number[],
  kind: string,
  limit: number,
): Promise<readonly LedgerRecord[]> {
  const records: LedgerRecord[] = []
  const distinct = [...new Set(wallets)]
  for (let start = 0; start < distinct.length; start += BRANCHES) {
    const some = distinct.slice(start, start + BRANCHES)
    // Along the index of each wallet; a window function would number all of its records first.
    const ofOne = `SELECT ${RECORD} FROM ledger_record WHERE wallet_id = ? AND kind = ? ORDER BY ref DESC LIMIT ?`
    const rows = await sql.select(
      selectEach(sql, ofOne, some.length),
      some.flatMap((wallet) => [wallet, guardTail(kind), limit]),
    )
    for (const row of rows) records.push(readRecord(row))
  }
  const place = new Map(distinct.map((wallet, index) => [wallet, index]))
  return records.sort(
    (a, b) => place.get(a.wallet)! - place.get(b.wallet)! || compareText(b.ref, a.ref),
  )
}

/** Every one asked for, 0 if it was never written. */
export async function findCounters(
  sql: SqlConnection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await selectInLists([...new Set(ids)].map(guardTail), (list) =>
    sql.select('SELECT id, value FROM ledger_counter WHERE id IN (?)', [list]),
  )
  const counters = new Map(ids.map((id) => [id, 0]))
  for (const row of rows) counters.set(unguardTail(row.id as string), readWhole(row.value))
  return counters
}
