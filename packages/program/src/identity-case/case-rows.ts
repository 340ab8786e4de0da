import type { SqlConnection, SqlRow } from '@pointwell/ledger'
import type { Identity } from '../member/member-rows.js'

/** `shared`: one identity was seen with many members. `linked`: one member has many identities. */
export const CASE_EVIDENCE = ['shared', 'linked'] as const
export type CaseEvidence = (typeof CASE_EVIDENCE)[number]

/** `lapsed`: before anybody decided, it was no more than the policy allows. */
export const CASE_STATUSES = ['open', 'confirmed', 'cleared', 'lapsed'] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

/** What a case is about. */
export interface CaseSubject {
  readonly evidence: CaseEvidence
  readonly kind: string
  /** The identity that is shared; empty where it is about one member's many. */
  readonly value: string
  /** The number of the member who has many; 0 where it is about one identity. */
  readonly member: number
}

/** Over-linked identities, and what an operator made of them (E12). Instants are epoch milliseconds. */
export interface IdentityCase extends CaseSubject {
  readonly id: number
  readonly status: CaseStatus
  /** Members, or identities, when it was opened, and how many the policy allowed. */
  readonly found: number
  readonly allowed: number
  readonly openedAt: number
  readonly decidedAt: number | null
  readonly decidedBy: string | null
  readonly decisionReason: string | null
}

const COLUMNS =
  'id, evidence, kind, value, member, status, found, allowed, opened_at, decided_at, decided_by, decision_reason'

/** Members of one case that are stopped at most: an identity that is everybody's is no identity. */
const MEMBERS = 1_000

/** That identities were seen with a member; the later of two times stays. */
export async function putSightings(
  connection: SqlConnection,
  { member, identities, at }: { member: number; identities: readonly Identity[]; at: number },
): Promise<void> {
  await connection.insert(
    {
      table: 'identity_sighting',
      columns: ['kind', 'value', 'member', 'first_seen_at', 'last_seen_at'],
      key: ['kind', 'value', 'member'],
      onConflict: 'ignore',
    },
    identities.map(({ kind, value }) => [kind, value, member, at, at]),
  )
  for (const { kind, value } of identities) {
    await connection.run(
      'UPDATE identity_sighting SET last_seen_at = ? WHERE kind = ? AND value = ? AND member = ? AND last_seen_at < ?',
      [at, kind, value, member, at],
    )
  }
}

/** With whom an identity was seen since `since`. Read as it is when everybody who writes it now is done:
 * two servers that report it at once must not both find one too few. */
export async function selectSeenWith(
  connection: SqlConnection,
  { kind, value, since }: Identity & { since: number },
): Promise<number[]> {
  const rows = await connection.select(
    `SELECT member FROM identity_sighting WHERE kind = ? AND value = ? AND last_seen_at >= ?
     ORDER BY member LIMIT ${MEMBERS}${lockOf(connection)}`,
    [kind, value, since],
  )
  return rows.map((row) => Number(row.member))
}

export async function findCase(
  connection: SqlConnection,
  { evidence, kind, value, member }: CaseSubject,
): Promise<IdentityCase | undefined> {
  const [row] = await connection.select(
    `SELECT ${COLUMNS} FROM identity_case
     WHERE evidence = ? AND kind = ? AND value = ? AND member = ?${lockOf(connection)}`,
    [evidence, kind, value, member],
  )
  return row && readCase(row)
}

/** `lock`: nobody else changes it until the transaction ends. */
export async function selectCase(
  connection: SqlConnection,
  id: number,
  { lock = false }: { lock?: boolean } = {},
): Promise<IdentityCase | undefined> {
  const [row] = await connection.select(
    `SELECT ${COLUMNS} FROM identity_case WHERE id = ?${lock ? lockOf(connection) : ''}`,
    [id],
  )
  return row && readCase(row)
}

/** In the order in which they were opened, after the one with the number `after`. */
export async function selectCases(
  connection: SqlConnection,
  { status, after, limit }: { status: CaseStatus | null; after: number; limit: number },
): Promise<IdentityCase[]> {
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM identity_case WHERE id > ?${status ? ' AND status = ?' : ''}
     ORDER BY id LIMIT ?`,
    [after, ...(status ? [status] : []), limit],
  )
  return rows.map(readCase)
}

/** Opens one, or opens one anew that had lapsed. */
export async function putCase(
  connection: SqlConnection,
  opened: CaseSubject & Pick<IdentityCase, 'found' | 'allowed' | 'openedAt'>,
): Promise<void> {
  await connection.insert(
    {
      table: 'identity_case',
      columns: ['evidence', 'kind', 'value', 'member', 'status', 'found', 'allowed', 'opened_at'],
      key: ['evidence', 'kind', 'value', 'member'],
      onConflict: 'update',
    },
    [
      [
        opened.evidence,
        opened.kind,
        opened.value,
        opened.member,
        'open',
        opened.found,
        opened.allowed,
        opened.openedAt,
      ],
    ],
  )
}

export async function updateStatus(
  connection: SqlConnection,
  {
    id,
    status,
    decidedAt,
    decidedBy,
    decisionReason,
  }: Pick<IdentityCase, 'id' | 'status' | 'decidedAt' | 'decidedBy' | 'decisionReason'>,
): Promise<void> {
  await connection.run(
    'UPDATE identity_case SET status = ?, decided_at = ?, decided_by = ?, decision_reason = ? WHERE id = ?',
    [status, decidedAt, decidedBy, decisionReason, id],
  )
}

/** Puts members into a case, and says whether it stops those in it from earning. */
export async function putCaseMembers(
  connection: SqlConnection,
  { id, members, stops }: { id: number; members: readonly number[]; stops: boolean },
): Promise<void> {
  await connection.insert(
    {
      table: 'identity_case_member',
      columns: ['case_id', 'member', 'stops'],
      key: ['case_id', 'member'],
      onConflict: 'update',
    },
    members.map((member) => [id, member, stops ? 1 : 0]),
  )
  if (members.length === 0) return
  await connection.run(
    `UPDATE member SET over_linked = CASE WHEN EXISTS (
       SELECT 1 FROM identity_case_member c WHERE c.member = member.id AND c.stops = 1
     ) THEN 1 ELSE 0 END WHERE id IN (?)`,
    [members],
  )
}

/** Who is in each of the cases: the shop's own ids, in the order of the members' numbers. */
export async function selectCaseMembers(
  connection: SqlConnection,
  cases: readonly number[],
): Promise<Map<number, { readonly member: number; readonly id: string }[]>> {
  const found = new Map<number, { member: number; id: string }[]>(cases.map((id) => [id, []]))
  const rows = await connection.select(
    `SELECT c.case_id, c.member, m.external_id FROM identity_case_member c
     JOIN member m ON m.id = c.member WHERE c.case_id IN (?) ORDER BY c.member`,
    [cases],
  )
  for (const row of rows) {
    const member = { member: Number(row.member), id: String(row.external_id) }
    found.get(Number(row.case_id))?.push(member)
  }
  return found
}

/** Identities that were seen with more members than allowed, and have no case that stands. */
export async function selectUncasedShared(
  connection: SqlConnection,
  { kind, allowed, since, limit }: { kind: string; allowed: number; since: number; limit: number },
): Promise<string[]> {
  const rows = await connection.select(
    `SELECT s.value FROM identity_sighting s
     LEFT JOIN identity_case c ON c.evidence = 'shared' AND c.kind = s.kind AND c.value = s.value
       AND c.member = 0 AND c.status <> 'lapsed'
     WHERE s.kind = ? AND s.last_seen_at >= ? AND c.id IS NULL
     GROUP BY s.value HAVING COUNT(*) > ? LIMIT ?`,
    [kind, since, allowed, limit],
  )
  return rows.map((row) => String(row.value))
}

/** Members with more identities of a kind than allowed, and no case that stands. */
export async function selectUncasedLinked(
  connection: SqlConnection,
  { kind, allowed, limit }: { kind: string; allowed: number; limit: number },
): Promise<{ member: number; found: number }[]> {
  const rows = await connection.select(
    `SELECT i.member, COUNT(*) AS found FROM member_identity i
     LEFT JOIN identity_case c ON c.evidence = 'linked' AND c.kind = i.kind AND c.value = ''
       AND c.member = i.member AND c.status <> 'lapsed'
     WHERE i.kind = ? AND c.id IS NULL GROUP BY i.member HAVING COUNT(*) > ? LIMIT ?`,
    [kind, allowed, limit],
  )
  return rows.map((row) => ({ member: Number(row.member), found: Number(row.found) }))
}

/** How many identities of a kind a member has. */
export async function countLinked(
  connection: SqlConnection,
  { member, kind }: { member: number; kind: string },
): Promise<number> {
  const [row] = await connection.select(
    'SELECT COUNT(*) AS found FROM member_identity WHERE member = ? AND kind = ?',
    [member, kind],
  )
  return Number(row!.found)
}

function lockOf({ dialect }: SqlConnection): string {
  // SQLite has one writer at a time, and no word for this.
  return dialect === 'mysql' ? ' FOR UPDATE' : ''
}

function readCase(row: SqlRow): IdentityCase {
  return {
    id: Number(row.id),
    evidence: row.evidence as CaseEvidence,
    kind: String(row.kind),
    value: String(row.value),
    member: Number(row.member),
    status: row.status as CaseStatus,
    found: Number(row.found),
    allowed: Number(row.allowed),
    openedAt: Number(row.opened_at),
    decidedAt: row.decided_at === null ? null : Number(row.decided_at),
    decidedBy: row.decided_by === null ? null : String(row.decided_by),
    decisionReason: row.decision_reason === null ? null : String(row.decision_reason),
  }
}
