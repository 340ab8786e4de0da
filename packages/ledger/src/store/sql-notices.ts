import { readWhole } from '../database/columns.js'
import type { SqlConnection, SqlRow, SqlValue } from '../database/sql-connection.js'
import { byDue } from '../notice/by-due.js'
import { errorText } from '../notice/error-text.js'
import type { ClaimTerms, Notice, NoticeRow } from '../notice/notice.js'
import { selectEach } from './select-each.js'
import { guardTail, unguardTail } from './tail-guard.js'

export const NEW_NOTICE_COLUMNS = [
  'topic',
  'wallet_id',
  'version',
  'recorded_at',
  'due_at',
  'attempts',
  'claimed_until',
  'body',
] as const

export function newNoticeValues(notice: NoticeRow): SqlValue[] {
  return [
    guardTail(notice.topic),
    notice.wallet,
    notice.version,
    notice.recordedAt,
    notice.dueAt,
    0,
    0,
    JSON.stringify(notice.body),
  ]
}

const NOTICE = 'seq, topic, wallet_id, version, recorded_at, due_at, attempts, last_error, body'

/**
 * The longest due of each topic, and of these the longest due. Not one behind another of its wallet and
 * topic that was begun: that one comes first, and alone.
 */
export async function findDueNotices(
  sql: SqlConnection,
  topics: readonly string[],
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<readonly Notice[]> {
  if (topics.length === 0) return []
  const ofTopic = `SELECT ${NOTICE} FROM ledger_notice n
    WHERE topic = ? AND due_at <= ? AND claimed_until <= ? AND NOT EXISTS (
      SELECT 1 FROM ledger_notice b WHERE b.topic = n.topic AND b.wallet_id = n.wallet_id
        AND b.attempts > 0 AND b.seq < n.seq
    ) ORDER BY due_at, seq LIMIT ?`
  const rows = await sql.select(
    selectEach(sql, ofTopic, topics.length),
    topics.flatMap((topic) => [guardTail(topic), now, now, limit]),
  )
  return rows.map(readNotice).sort(byDue).slice(0, limit)
}

/** Those that failed, the oldest first. */
export async function findFailedNotices(
  sql: SqlConnection,
  limit: number,
): Promise<readonly Notice[]> {
  const rows = await sql.select(
    `SELECT ${NOTICE} FROM ledger_notice WHERE last_error IS NOT NULL ORDER BY seq LIMIT ?`,
    [limit],
  )
  return rows.map(readNotice)
}

/** Inside one transaction: of those that were found due, what nobody has taken since. */
export async function claimNotices(
  sql: SqlConnection,
  found: readonly Notice[],
  { claim, now, until }: ClaimTerms,
): Promise<readonly Notice[]> {
  const seqs = found.map(({ seq }) => seq).sort((a, b) => a - b)
  await sql.run(
    `UPDATE ledger_notice SET claimed_by = ?, claimed_until = ?, attempts = attempts + 1
     WHERE seq IN (?) AND due_at <= ? AND claimed_until <= ?`,
    [claim, until, seqs, now, now],
  )
  const rows = await sql.select(
    `SELECT ${NOTICE} FROM ledger_notice WHERE seq IN (?) AND claimed_by = ?`,
    [seqs, claim],
  )
  const taken = new Map(rows.map(readNotice).map((notice) => [notice.seq, notice]))
  const [ours, behind] = splitBehindLost(found, taken)
  await releaseNotices(
    sql,
    claim,
    behind.map(({ seq }) => seq),
  )
  return ours
}

/** What we have, in the order of `found`; and what of it stands behind one that somebody else was
 * quicker to take. */
function splitBehindLost(
  found: readonly Notice[],
  taken: ReadonlyMap<number, Notice>,
): [ours: Notice[], behind: Notice[]] {
  const lost = new Set<string>()
  const ours: Notice[] = []
  const behind: Notice[] = []
  for (const { seq, topic, wallet } of found) {
    const queue = `${wallet}:${topic}`
    const notice = taken.get(seq)
    if (!notice) lost.add(queue)
    else if (lost.has(queue)) behind.push(notice)
    else ours.push(notice)
  }
  return [ours, behind]
}

export async function endNotices(
  sql: SqlConnection,
  claim: string,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return
  await sql.run('DELETE FROM ledger_notice WHERE seq IN (?) AND claimed_by = ?', [seqs, claim])
}

export async function releaseNotices(
  sql: SqlConnection,
  claim: string,
  seqs: readonly number[],
): Promise<void> {
  if (seqs.length === 0) return
  await sql.run(
    `UPDATE ledger_notice SET claimed_by = NULL, claimed_until = 0, attempts = attempts - 1
     WHERE seq IN (?) AND claimed_by = ?`,
    [seqs, claim],
  )
}

export async function postponeNotice(
  sql: SqlConnection,
  claim: string,
  failed: { readonly seq: number; readonly dueAt: number; readonly error: string },
): Promise<void> {
  await sql.run(
    `UPDATE ledger_notice SET claimed_by = NULL, claimed_until = 0, due_at = ?, last_error = ?
     WHERE seq = ? AND claimed_by = ?`,
    [failed.dueAt, errorText(failed.error), failed.seq, claim],
  )
}

function readNotice(row: SqlRow): Notice {
  return {
    seq: readWhole(row.seq),
    topic: unguardTail(row.topic as string),
    wallet: readWhole(row.wallet_id),
    version: readWhole(row.version),
    recordedAt: readWhole(row.recorded_at),
    dueAt: readWhole(row.due_at),
    attempts: readWhole(row.attempts),
    lastError: row.last_error as string | null,
    body: JSON.parse(row.body as string),
  }
}
