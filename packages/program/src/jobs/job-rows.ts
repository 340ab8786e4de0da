import type { SqlConnection } from '@pointwell/ledger'
import type { JobFailure } from './job.js'

/** How many failures of a job are kept. */
const FAILURES_KEPT = 20

const COLUMNS = [
  'name',
  'next_run_at',
  'lease_owner',
  'lease_until',
  'last_started_at',
  'last_finished_at',
  'last_result',
  'last_error',
  'runs',
  'failures',
  'schedule',
]

/** A job as it is stored. Instants are epoch milliseconds. */
export interface JobRow {
  readonly name: string
  readonly nextRunAt: number
  readonly leaseOwner: string | null
  readonly leaseUntil: number
  readonly lastStartedAt: number | null
  readonly lastFinishedAt: number | null
  readonly lastResult: string | null
  readonly lastError: string | null
  readonly runs: number
  readonly failures: number
  /** By which schedule its next run was set; null: by none yet. */
  readonly schedule: string | null
}

/** Jobs that have no row yet are due at once. */
export async function insertJobs(
  connection: SqlConnection,
  names: readonly string[],
  now: number,
): Promise<void> {
  await connection.insert(
    { table: 'job', columns: COLUMNS, key: ['name'], onConflict: 'ignore' },
    names.map((name) => [name, now, null, 0, null, null, null, null, 0, 0, null]),
  )
}

export async function selectJobs(connection: SqlConnection): Promise<JobRow[]> {
  const rows = await connection.select(`SELECT ${COLUMNS.join(', ')} FROM job ORDER BY name`)
  return rows.map((row) => ({
    name: String(row.name),
    nextRunAt: Number(row.next_run_at),
    leaseOwner: textOf(row.lease_owner),
    leaseUntil: Number(row.lease_until),
    lastStartedAt: instantOf(row.last_started_at),
    lastFinishedAt: instantOf(row.last_finished_at),
    lastResult: textOf(row.last_result),
    lastError: textOf(row.last_error),
    runs: Number(row.runs),
    failures: Number(row.failures),
    schedule: textOf(row.schedule),
  }))
}

/** One statement, so that of many servers one gets it: true for that one. */
export async function takeLease(
  connection: SqlConnection,
  { name, owner, now, until }: { name: string; owner: string; now: number; until: number },
): Promise<boolean> {
  const taken = await connection.run(
    `UPDATE job SET lease_owner = ?, lease_until = ?, last_started_at = ?
     WHERE name = ? AND next_run_at <= ? AND lease_until <= ?`,
    [owner, until, now, name, now, now],
  )
  return taken === 1
}

/** False when another server has taken it over. */
export async function renewLease(
  connection: SqlConnection,
  { name, owner, until }: { name: string; owner: string; until: number },
): Promise<boolean> {
  const renewed = await connection.run(
    'UPDATE job SET lease_until = ? WHERE name = ? AND lease_owner = ?',
    [until, name, owner],
  )
  return renewed === 1
}

/** Sets the next run of a job whose schedule was changed, unless somebody else has. */
export async function moveNextRun(
  connection: SqlConnection,
  { name, from, to, schedule }: { name: string; from: number; to: number; schedule: string },
): Promise<void> {
  await connection.run(
    'UPDATE job SET next_run_at = ?, schedule = ? WHERE name = ? AND next_run_at = ?',
    [to, schedule, name, from],
  )
}

/** Has a job run now rather than later. */
export async function bringForward(
  connection: SqlConnection,
  { name, now }: { name: string; now: number },
): Promise<void> {
  await connection.run('UPDATE job SET next_run_at = ? WHERE name = ? AND next_run_at > ?', [
    now,
    name,
    now,
  ])
}

/** How a run ended. */
export type JobEnd = {
  readonly name: string
  readonly owner: string
  readonly finishedAt: number
  readonly nextRunAt: number
  readonly schedule: string | null
} & ({ readonly result: string } | { readonly error: string })

/** Writes how a run ended and lets go; does nothing when that is written already, or another server has
 * taken the job over. */
export async function endRun(connection: SqlConnection, run: JobEnd): Promise<void> {
  const outcome = 'error' in run ? 'last_error = ?' : 'last_result = ?, last_error = NULL'
  const ended = await connection.run(
    `UPDATE job SET lease_owner = NULL, lease_until = 0, last_finished_at = ?, next_run_at = ?,
       schedule = ?, runs = runs + 1, failures = failures + ?, ${outcome}
     WHERE name = ? AND lease_owner = ?`,
    [
      run.finishedAt,
      run.nextRunAt,
      run.schedule,
      'error' in run ? 1 : 0,
      'error' in run ? run.error : run.result,
      run.name,
      run.owner,
    ],
  )
  if (ended === 1 && 'error' in run) await keepFailure(connection, run)
}

async function keepFailure(
  connection: SqlConnection,
  run: { name: string; owner: string; finishedAt: number; error: string },
): Promise<void> {
  await connection.insert(
    {
      table: 'job_failure',
      columns: ['job', 'failed_at', 'server', 'error'],
      key: ['id'],
      onConflict: 'fail',
    },
    [[run.name, run.finishedAt, run.owner, run.error]],
  )
  // The inner one by a name of its own: MySQL deletes from no table that it is looking into.
  await connection.run(
    `DELETE FROM job_failure WHERE job = ? AND id <= (SELECT id FROM
       (SELECT id FROM job_failure WHERE job = ? ORDER BY id DESC LIMIT 1 OFFSET ${FAILURES_KEPT}) old)`,
    [run.name, run.name],
  )
}

/** Those that are kept of these jobs, the newest first. */
export async function selectFailures(
  connection: SqlConnection,
  jobs: readonly string[],
): Promise<JobFailure[]> {
  const rows = await connection.select(
    'SELECT job, failed_at, server, error FROM job_failure WHERE job IN (?) ORDER BY id DESC',
    [jobs],
  )
  return rows.map((row) => ({
    job: String(row.job),
    at: Number(row.failed_at),
    server: String(row.server),
    error: String(row.error),
  }))
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value)
}

function instantOf(value: unknown): number | null {
  return value === null ? null : Number(value)
}
