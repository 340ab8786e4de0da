import { readWhole } from '../database/columns.js'
import type { SqlConnection } from '../database/sql-connection.js'
import { compareText } from './database-order.js'
import type { FigureSpan, FigureSum, FigureTotal } from './ledger-store.js'

/** Figures of a span of time, by account and labels, in their order. One statement: a fold moves rows
 * from one form into the other. */
export async function sumFigures(
  sql: SqlConnection,
  { from, until, under = '' }: FigureSpan,
): Promise<FigureTotal[]> {
  const type = sql.dialect === 'sqlite' ? 'TEXT' : 'CHAR'
  const rows = await sql.select(
    `SELECT account, labels, CAST(SUM(amount) AS ${type}) AS amount, SUM(transactions) AS transactions FROM ledger_figure WHERE is_folded IN (0, 1) AND recorded_at >= ? AND recorded_at < ? AND SUBSTR(account, 1, ?) = ? GROUP BY account, labels`,
    [from, until, under.length, under],
  )
  return inOrder(
    rows.map((row) => ({
      account: row.account as string,
      labels: row.labels as string,
      amount: BigInt(row.amount as string),
      transactions: readWhole(row.transactions),
    })),
  )
}

/** The same of rows at hand. */
export function addUpFigures(
  rows: Iterable<FigureSum>,
  { from, until, under = '' }: FigureSpan,
): FigureTotal[] {
  const sums = new Map<string, Summed>()
  for (const { at, account, labels, amount, transactions } of rows) {
    if (at < from || at >= until || !account.startsWith(under)) continue
    const name = `${account}\u0000${labels}`
    const sum = sums.get(name)
    sums.set(name, {
      account,
      labels,
      amount: amount + (sum?.amount ?? 0n),
      transactions: transactions + (sum?.transactions ?? 0),
    })
  }
  return inOrder([...sums.values()])
}

type Summed = Omit<FigureTotal, 'labels'> & { readonly labels: string }

function inOrder(sums: readonly Summed[]): FigureTotal[] {
  return sums
    .toSorted((a, b) => compareText(a.account, b.account) || compareText(a.labels, b.labels))
    .map(({ labels, ...sum }) => ({ ...sum, labels: JSON.parse(labels) }))
}
