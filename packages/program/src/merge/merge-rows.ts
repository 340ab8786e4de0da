import type { SqlConnection, SqlRow } from '@pointwell/ledger'
import type { FormerMember } from '../member/member-facts.js'

/** Two members found to be one person (M8). Instants are epoch milliseconds. */
export interface MemberMerge {
  readonly id: string
  /** Of the member that ended, and of the one that went on: wallets, and ids as they were then. */
  readonly from: FormerMember
  readonly into: FormerMember
  readonly reason: string
  readonly requestedBy: string
  readonly requestedAt: number
  /** Null: it is being done. */
  readonly finishedAt: number | null
}

export interface NewMerge extends Omit<MemberMerge, 'finishedAt'> {
  /** Names the request: of two with the same one the first stays. */
  readonly requestKey: string
  /** Nobody else takes it up before. */
  readonly nextTryAt: number
}

const COLUMNS =
  'id, request_key, from_member, into_member, from_id, into_id, reason, requested_by, requested_at, next_try_at'
const SELECTED = `${COLUMNS}, finished_at`

export async function insertMerge(connection: SqlConnection, merge: NewMerge): Promise<void> {
  await connection.insert(
    { table: 'member_merge', columns: COLUMNS.split(', '), key: ['id'], onConflict: 'fail' },
    [
      [
        merge.id,
        merge.requestKey,
        merge.from.wallet,
        merge.into.wallet,
        merge.from.id,
        merge.into.id,
        merge.reason,
        merge.requestedBy,
        merge.requestedAt,
        merge.nextTryAt,
      ],
    ],
  )
}

export async function selectMerge(
  connection: SqlConnection,
  by: { readonly id: string } | { readonly requestKey: string },
): Promise<MemberMerge | undefined> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['request_key', by.requestKey]
  const [row] = await connection.select(
    `SELECT ${SELECTED} FROM member_merge WHERE ${column} = ?`,
    [value!],
  )
  return row && readMerge(row)
}

/** One that is not finished, of which any of these wallets is a part. */
export async function selectRunning(
  connection: SqlConnection,
  wallets: readonly number[],
): Promise<MemberMerge | undefined> {
  const [row] = await connection.select(
    `SELECT ${SELECTED} FROM member_merge
     WHERE finished_at IS NULL AND (from_member IN (?) OR into_member IN (?)) LIMIT 1`,
    [wallets, wallets],
  )
  return row && readMerge(row)
}

/** Those that a dead server left, the longest waiting first. */
export async function selectDueMerges(
  connection: SqlConnection,
  { now, limit }: { now: number; limit: number },
): Promise<MemberMerge[]> {
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM member_merge WHERE next_try_at <= ? ORDER BY next_try_at LIMIT ?`,
    [now, limit],
  )
  return rows.map(readMerge)
}

export async function putOffMerge(
  connection: SqlConnection,
  { id, until }: { id: string; until: number },
): Promise<void> {
  await connection.run(
    'UPDATE member_merge SET next_try_at = ? WHERE id = ? AND finished_at IS NULL',
    [until, id],
  )
}

/** Whoever says so first is right. */
export async function finishMerge(
  connection: SqlConnection,
  { id, at }: { id: string; at: number },
): Promise<void> {
  await connection.run(
    'UPDATE member_merge SET finished_at = ?, next_try_at = NULL WHERE id = ? AND finished_at IS NULL',
    [at, id],
  )
}

/** The newest first, before the one with the id `before`. */
export async function selectMergePage(
  connection: SqlConnection,
  { before, limit }: { before: string | null; limit: number },
): Promise<MemberMerge[]> {
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM member_merge WHERE id < ? ORDER BY id DESC LIMIT ?`,
    [before ?? '~', limit],
  )
  return rows.map(readMerge)
}

/** Of wallets that ended, by their numbers, in one statement (A4). */
export async function selectMergesOf(
  connection: SqlConnection,
  wallets: readonly number[],
): Promise<Map<number, MemberMerge>> {
  if (wallets.length === 0) return new Map()
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM member_merge WHERE from_member IN (?)`,
    [wallets],
  )
  return new Map(rows.map(readMerge).map((merge) => [merge.from.wallet, merge]))
}

function readMerge(row: SqlRow): MemberMerge {
  return {
    id: String(row.id),
    from: { wallet: Number(row.from_member), id: String(row.from_id) },
    into: { wallet: Number(row.into_member), id: String(row.into_id) },
    reason: String(row.reason),
    requestedBy: String(row.requested_by),
    requestedAt: Number(row.requested_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
  }
}
