import { readWhole } from '../database/columns.js'
import type { SqlConnection, SqlParameter } from '../database/sql-connection.js'
import type { InsertStatement } from '../database/sql-dialect.js'
import type { FigureSum } from './ledger-store.js'
import { selectEach } from './select-each.js'
import { guardTail, unguardTail } from './tail-guard.js'

/** Most accounts that one statement asks for: each is a `SELECT` of its own. */
const BRANCHES = 200

const ACCOUNTS: InsertStatement = {
  table: 'ledger_account',
  columns: ['account'],
  onConflict: 'ignore',
  key: ['account'],
}
const TOTALS: InsertStatement = {
  table: 'ledger_total',
  columns: ['account', 'recorded_at', 'total'],
  onConflict: 'fail',
  key: ['account', 'recorded_at'],
}
const LATE: InsertStatement = { ...TOTALS, onConflict: 'ignore' }

/**
 * What was in each account at `at`, epoch milliseconds: its running total, one row along the key, and
 * what is not folded yet. One statement, because a fold moves rows from the one to the other.
 */
export async function findTotalsAt(
  sql: SqlConnection,
  at: number,
): Promise<ReadonlyMap<string, bigint>> {
  const text = textType(sql)
  const rows = await sql.select(
    `SELECT 1 AS is_folded, a.account, CAST((SELECT t.total FROM ledger_total t WHERE t.account = a.account AND t.recorded_at <= ? ORDER BY t.recorded_at DESC LIMIT 1) AS ${text}) AS total FROM ledger_account a UNION ALL SELECT 0, f.account, CAST(SUM(f.amount) AS ${text}) FROM ledger_figure f WHERE f.is_folded = 0 AND f.recorded_at <= ? GROUP BY f.account`,
    [at, at],
  )
  const totals = new Map<string, bigint>()
  for (const row of rows) {
    if (row.total === null) continue
    const name = row.account as string
    const account = readWhole(row.is_folded) === 1 ? unguardTail(name) : name
    totals.set(account, (totals.get(account) ?? 0n) + BigInt(row.total as string))
  }
  return totals
}

/**
 * Carries figures that are being folded on into the running totals, inside the transaction of the fold.
 * Almost always they are behind everything that is there. What comes late, because its commit took
 * longer than the fold waits, is added to every total from its moment on.
 */
export async function addToTotals(
  sql: SqlConnection,
  figures: readonly FigureSum[],
): Promise<void> {
  const moved = sumUp(figures)
  const names = [...moved.keys()].sort()
  await sql.insert(
    ACCOUNTS,
    names.map((name) => [name]),
  )
  const newest = await findNewest(sql, names)
  const rows: (readonly [string, number, string])[] = []
  for (const name of names) {
    const known = newest.get(name)
    let total = known?.total ?? 0n
    const moments = [...moved.get(name)!].sort(([a], [b]) => a - b)
    for (const [at, amount] of moments) {
      if (known && at <= known.at) {
        await addLate(sql, { name, at, amount })
        total += amount
      }
    }
    for (const [at, amount] of moments) {
      if (known && at <= known.at) continue
      total += amount
      rows.push([name, at, `${total}`])
    }
  }
  await sql.insert(TOTALS, rows)
}

async function addLate(
  sql: SqlConnection,
  { name, at, amount }: { name: string; at: number; amount: bigint },
): Promise<void> {
  const [before] = await sql.select(
    `SELECT CAST(total AS ${textType(sql)}) AS total FROM ledger_total WHERE account = ? AND recorded_at <= ? ORDER BY recorded_at DESC LIMIT 1`,
    [name, at],
  )
  await sql.insert(LATE, [[name, at, (before?.total as string | undefined) ?? '0']])
  const whole = sql.dialect === 'sqlite' ? 'INTEGER' : 'SIGNED'
  await sql.run(
    `UPDATE ledger_total SET total = total + CAST(? AS ${whole}) WHERE account = ? AND recorded_at >= ?`,
    [`${amount}`, name, at],
  )
}

async function findNewest(
  sql: SqlConnection,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly at: number; readonly total: bigint }>> {
  const ofOne = `SELECT account, recorded_at, CAST(total AS ${textType(sql)}) AS total FROM ledger_total WHERE account = ? ORDER BY recorded_at DESC LIMIT 1`
  const newest = new Map<string, { at: number; total: bigint }>()
  for (let start = 0; start < names.length; start += BRANCHES) {
    const some: readonly SqlParameter[] = names.slice(start, start + BRANCHES)
    for (const row of await sql.select(selectEach(sql, ofOne, some.length), some)) {
      const at = readWhole(row.recorded_at)
      newest.set(row.account as string, { at, total: BigInt(row.total as string) })
    }
  }
  return newest
}

/** By account, as it is stored, and millisecond. */
function sumUp(figures: readonly FigureSum[]): Map<string, Map<number, bigint>> {
  const sums = new Map<string, Map<number, bigint>>()
  for (const { account, at, amount } of figures) {
    const name = guardTail(account)
    const moments = sums.get(name) ?? new Map<number, bigint>()
    sums.set(name, moments.set(at, (moments.get(at) ?? 0n) + amount))
  }
  return sums
}

/** As text: a sum may be more than a driver makes of a number. */
function textType({ dialect }: SqlConnection): string {
  return dialect === 'sqlite' ? 'TEXT' : 'CHAR'
}
