import type { SqlConnection } from '@pointwell/ledger'

const COLUMNS = ['id', 'after_member', 'members', 'lots', 'points', 'started_at', 'finished_at']

/** How far a run over all members has come. Instants are epoch milliseconds. */
export interface ExpiryRun {
  /** Names the grace it carries out. */
  readonly id: string
  /** The number of the last member that is done. */
  readonly afterMember: number
  readonly members: number
  readonly lots: number
  readonly points: number
  readonly startedAt: number
  readonly finishedAt: number | null
}

/** The run of a grace, as it is; a new one where there is none yet. */
export async function findOrStartRun(
  connection: SqlConnection,
  { id, now }: { id: string; now: number },
): Promise<ExpiryRun> {
  await connection.insert(
    { table: 'expiry_run', columns: COLUMNS, key: ['id'], onConflict: 'ignore' },
    [[id, 0, 0, 0, 0, now, null]],
  )
  const run = await findRun(connection, id)
  if (!run) throw new Error(`the run ${id} was written and is not there`)
  return run
}

export async function findRun(
  connection: SqlConnection,
  id: string,
): Promise<ExpiryRun | undefined> {
  const [row] = await connection.select(
    `SELECT ${COLUMNS.join(', ')} FROM expiry_run WHERE id = ?`,
    [id],
  )
  if (!row) return undefined
  return {
    id: String(row.id),
    afterMember: Number(row.after_member),
    members: Number(row.members),
    lots: Number(row.lots),
    points: Number(row.points),
    startedAt: Number(row.started_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
  }
}

/** Goes on to `run` from where it stood at `from`; false: another server was there first. */
export async function moveRun(
  connection: SqlConnection,
  { from, run }: { from: number; run: ExpiryRun },
): Promise<boolean> {
  const moved = await connection.run(
    `UPDATE expiry_run SET after_member = ?, members = ?, lots = ?, points = ?, finished_at = ?
     WHERE id = ? AND after_member = ? AND finished_at IS NULL`,
    [run.afterMember, run.members, run.lots, run.points, run.finishedAt, run.id, from],
  )
  return moved === 1
}
