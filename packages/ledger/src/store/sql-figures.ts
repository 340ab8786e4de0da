import { readWhole } from '../database/columns.js'
import type { SqlConnection } from '../database/sql-connection.js'
import type { InsertStatement } from '../database/sql-dialect.js'
import { foldFigures } from './fold-figures.js'
import { FIGURE_COLUMNS, figureValues, readFigure } from './rows.js'
import { addToTotals } from './sql-totals.js'

/** Most rows that one transaction folds. */
const ROWS = 4_000

const OTHERS = FIGURE_COLUMNS.filter((name) => name !== 'amount').join(', ')
const INSERT: InsertStatement = {
  table: 'ledger_figure',
  columns: FIGURE_COLUMNS,
  onConflict: 'fail',
  key: ['seq'],
}

/**
 * Folds some of the rows recorded before `before` into the rows of their days, inside one
 * transaction; answers with how many. Two servers that fold at once lock the same rows first, so one
 * of them goes after the other and finds the work done.
 */
export async function foldSomeFigures(
  sql: SqlConnection,
  before: number,
  startOfDay: (at: number) => number,
): Promise<number> {
  // As text: what is folded may be more than a driver makes of a number.
  const type = sql.dialect === 'sqlite' ? 'TEXT' : 'CHAR'
  const columns = `seq, ${OTHERS}, CAST(amount AS ${type}) AS amount`
  const lock = sql.dialect === 'mysql' ? ' FOR UPDATE' : ''
  const raw = await sql.select(
    `SELECT ${columns} FROM ledger_figure WHERE is_folded = 0 AND recorded_at < ? ORDER BY recorded_at, seq LIMIT ${ROWS}${lock}`,
    [before],
  )
  if (raw.length === 0) return 0
  const days = [...new Set(raw.map((row) => startOfDay(readWhole(row.recorded_at))))]
  const present = await sql.select(
    `SELECT ${columns} FROM ledger_figure WHERE is_folded = 1 AND recorded_at IN (?)${lock}`,
    [days],
  )
  await addToTotals(sql, raw.map(readFigure))
  const rows = [...present, ...raw]
  const folded = foldFigures(rows.map(readFigure), startOfDay)
  for (let start = 0; start < rows.length; start += ROWS) {
    const seqs = rows.slice(start, start + ROWS).map((row) => readWhole(row.seq))
    await sql.run('DELETE FROM ledger_figure WHERE seq IN (?)', [seqs])
  }
  await sql.insert(
    INSERT,
    folded.map((figure) => figureValues(figure, true)),
  )
  return raw.length
}
