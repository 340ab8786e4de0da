import type { SqlConnection } from '@pointwell/ledger'

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
}

/** Jobs that have no row yet are due at once. */
export async function insertJobs(
  connection: SqlConnection,
  names: readonly string[],
  now: number,
): Promise<void> {
  await connection.insert(
    { table: 'job', columns: COLUMNS, key: ['name'], onConflict: 'ignore' },
    names.map((name) => [name, now, null, 0, null, null, null, null, 0, 0]),
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

/** Writes how a run ended and lets go; does nothing when another server has taken the job over. */
export async function endRun(
  connection: SqlConnection,
  run: {
    readonly name: string
    readonly owner: string
    readonly finishedAt: number
    readonly nextRunAt: number
  } & ({ readonly result: string } | { readonly error: string }),
): Promise<void> {
  const outcome = 'error' in run ? 'last_error = ?' : 'last_result = ?, last_error = NULL'
  await connection.run(
    `UPDATE job SET lease_owner = NULL, lease_until = 0, last_finished_at = ?, next_run_at = ?,
       runs = runs + 1, failures = failures + ?, ${outcome}
     WHERE name = ? AND lease_owner = ?`,
    [
      run.finishedAt,
      run.nextRunAt,
      'error' in run ? 1 : 0,
      'error' in run ? run.error : run.result,
      run.name,
      run.owner,
    ],
  )
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value)
}

function instantOf(value: unknown): number | null {
  return value === null ? null : Number(value)
}
