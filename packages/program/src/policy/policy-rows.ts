import type { SqlConnection, SqlRow } from '@pointwell/ledger'

/** A version of the policy as it is stored. */
export interface PolicyRow {
  readonly version: number
  /** Epoch milliseconds. */
  readonly effectiveFrom: number
  readonly document: unknown
  readonly createdBy: string
  readonly createdAt: number
  readonly note: string | null
}

const COLUMNS = 'version, effective_from, document, created_by, created_at, note'

/** All versions after one, in order. */
export async function selectPolicies(
  connection: SqlConnection,
  { after }: { after: number },
): Promise<PolicyRow[]> {
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM policy_version WHERE version > ? ORDER BY version`,
    [after],
  )
  return rows.map(readRow)
}

/** Those after one, in order, and of those that were brought from elsewhere, whose numbers are below zero, the
 * ones below one: what a server that knows all in between has yet to hear of. */
export async function selectUnknownPolicies(
  connection: SqlConnection,
  { after, below }: { after: number; below: number },
): Promise<PolicyRow[]> {
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM policy_version WHERE version > ? OR version < ? ORDER BY version`,
    [after, below],
  )
  return rows.map(readRow)
}

/** All that were brought from elsewhere. */
export async function selectBroughtPolicies(connection: SqlConnection): Promise<PolicyRow[]> {
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM policy_version WHERE version < 0 ORDER BY version`,
    [],
  )
  return rows.map(readRow)
}

function readRow(row: SqlRow): PolicyRow {
  return {
    version: Number(row.version),
    effectiveFrom: Number(row.effective_from),
    document: JSON.parse(String(row.document)) as unknown,
    createdBy: String(row.created_by),
    createdAt: Number(row.created_at),
    note: row.note === null ? null : String(row.note),
  }
}

export async function selectNewestVersion(connection: SqlConnection): Promise<number> {
  const [row] = await connection.select('SELECT MAX(version) AS newest FROM policy_version')
  return Number(row?.newest ?? 0)
}

/** Whether there is a member or an offer yet: something whose days and amounts are in the books. */
export async function selectInUse(connection: SqlConnection): Promise<boolean> {
  const rows = await connection.select(
    'SELECT EXISTS (SELECT 1 FROM member) OR EXISTS (SELECT 1 FROM offer) AS in_use',
  )
  return Number(rows[0]!.in_use) === 1
}

/** A version that is there already is a duplicate key: somebody else was faster. */
export async function insertPolicy(connection: SqlConnection, row: PolicyRow): Promise<void> {
  await connection.insert(
    {
      table: 'policy_version',
      columns: ['version', 'effective_from', 'document', 'created_by', 'created_at', 'note'],
      key: ['version'],
      onConflict: 'fail',
    },
    [
      [
        row.version,
        row.effectiveFrom,
        JSON.stringify(row.document),
        row.createdBy,
        row.createdAt,
        row.note,
      ],
    ],
  )
}
