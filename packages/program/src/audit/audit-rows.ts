import type { Json, SqlConnection, SqlRow } from '@pointwell/ledger'
import type { OperatorRole } from '@pointwell/plugin'
import type { AuditEntry, AuditTarget, NewAuditEntry } from './audit-entry.js'

const COLUMNS = [
  'at',
  'actor',
  'roles',
  'address',
  'act',
  'target_kind',
  'target_id',
  'member',
  'reason',
  'state_before',
  'state_after',
  'act_key',
] as const

/** What to look for; what is left out is not asked about. */
export interface AuditFilter {
  readonly by?: string | undefined
  readonly act?: string | undefined
  readonly targetKind?: string | undefined
  readonly targetId?: string | undefined
  /** Epoch milliseconds, and the first instant after. */
  readonly from?: number | undefined
  readonly until?: number | undefined
}

/** Nothing in the programme deletes an entry, and an erasure (M8) alone changes one: it takes the words out.
 * One whose key is there already is left out. */
export async function insertAuditEntries(
  connection: SqlConnection,
  entries: readonly NewAuditEntry[],
): Promise<void> {
  if (entries.length === 0) return
  await connection.insert(
    { table: 'audit_entry', columns: [...COLUMNS], key: ['act_key'], onConflict: 'ignore' },
    entries.map((entry) => [
      entry.at,
      entry.by,
      JSON.stringify(entry.roles),
      entry.address,
      entry.act,
      entry.target.kind,
      entry.target.id,
      entry.member ?? null,
      entry.reason,
      JSON.stringify(entry.before),
      JSON.stringify(entry.after),
      entry.key,
    ]),
  )
}

/** Newest first, before the entry with the number `before`. */
export async function selectAuditEntries(
  connection: SqlConnection,
  { filter, before, limit }: { filter: AuditFilter; before: number | null; limit: number },
): Promise<AuditEntry[]> {
  const conditions: [string, string | number | null | undefined][] = [
    ['id < ?', before],
    ['actor = ?', filter.by],
    ['act = ?', filter.act],
    ['target_kind = ?', filter.targetKind],
    ['target_id = ?', filter.targetId],
    ['at >= ?', filter.from],
    ['at < ?', filter.until],
  ]
  const asked = conditions.filter((it): it is [string, string | number] => (it[1] ?? null) !== null)
  const where = asked.length === 0 ? '' : `WHERE ${asked.map(([text]) => text).join(' AND ')}`
  const rows = await connection.select(
    `SELECT id, ${COLUMNS.join(', ')} FROM audit_entry ${where} ORDER BY id DESC LIMIT ?`,
    [...asked.map(([, value]) => value), limit],
  )
  return rows.map(readRow)
}

function readRow(row: SqlRow): AuditEntry {
  return {
    id: Number(row.id),
    at: Number(row.at),
    by: String(row.actor),
    roles: JSON.parse(String(row.roles)) as OperatorRole[],
    address: textOf(row.address),
    act: String(row.act),
    target: { kind: String(row.target_kind), id: String(row.target_id) } satisfies AuditTarget,
    member: row.member === null ? null : Number(row.member),
    reason: textOf(row.reason),
    before: JSON.parse(String(row.state_before)) as Json,
    after: JSON.parse(String(row.state_after)) as Json,
    key: textOf(row.act_key),
  }
}

function textOf(value: unknown): string | null {
  return value === null ? null : String(value)
}
