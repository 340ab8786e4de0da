import type { SqlConnection, SqlRow } from '@pointwell/ledger'

/** A time in which a source, or every one, gives nothing (E10). Instants are epoch milliseconds. */
export interface EarningPause {
  readonly id: number
  /** `*`: all. */
  readonly source: string
  readonly reason: string
  /** Logins of operators. */
  readonly pausedBy: string
  readonly pausedAt: number
  readonly resumeReason: string | null
  readonly resumedBy: string | null
  readonly resumedAt: number | null
}

const COLUMNS = 'id, source, reason, paused_by, paused_at, resume_reason, resumed_by, resumed_at'

/** A source that is paused already is a duplicate key. */
export async function insertPause(
  connection: SqlConnection,
  pause: Pick<EarningPause, 'source' | 'reason' | 'pausedBy' | 'pausedAt'>,
): Promise<void> {
  await connection.insert(
    {
      table: 'earning_pause',
      columns: ['source', 'closed', 'reason', 'paused_by', 'paused_at'],
      key: ['source', 'closed'],
      onConflict: 'fail',
    },
    [[pause.source, 0, pause.reason, pause.pausedBy, pause.pausedAt]],
  )
}

/** The newest pause of a source, over or not. */
export async function selectNewestPause(
  connection: SqlConnection,
  source: string,
): Promise<EarningPause | undefined> {
  const [row] = await connection.select(
    `SELECT ${COLUMNS} FROM earning_pause WHERE source = ? ORDER BY id DESC LIMIT 1`,
    [source],
  )
  return row && readPause(row)
}

/** False: it was over already. */
export async function closePause(
  connection: SqlConnection,
  { id, reason, by, at }: { id: number; reason: string; by: string; at: number },
): Promise<boolean> {
  const closed = await connection.run(
    `UPDATE earning_pause SET closed = id, resume_reason = ?, resumed_by = ?, resumed_at = ?
     WHERE id = ? AND closed = 0`,
    [reason, by, at, id],
  )
  return closed === 1
}

/** Newest first. */
export async function selectPauses(
  connection: SqlConnection,
  { openOnly, limit }: { openOnly: boolean; limit: number },
): Promise<EarningPause[]> {
  const where = openOnly ? 'WHERE closed = 0' : ''
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM earning_pause ${where} ORDER BY id DESC LIMIT ?`,
    [limit],
  )
  return rows.map(readPause)
}

export async function selectLatestPause(connection: SqlConnection): Promise<number> {
  const [row] = await connection.select('SELECT MAX(id) AS latest FROM earning_pause')
  return Number(row?.latest ?? 0)
}

function readPause(row: SqlRow): EarningPause {
  return {
    id: Number(row.id),
    source: String(row.source),
    reason: String(row.reason),
    pausedBy: String(row.paused_by),
    pausedAt: Number(row.paused_at),
    resumeReason: textOf(row.resume_reason),
    resumedBy: textOf(row.resumed_by),
    resumedAt: row.resumed_at === null ? null : Number(row.resumed_at),
  }
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value)
}
