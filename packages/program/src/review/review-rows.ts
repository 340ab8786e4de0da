import type { SqlConnection, SqlRow } from '@pointwell/ledger'
import type { Cuts, RfmScores } from '../segment/rfm.js'

/** One review of all members: how far it has come, and what it found. */
export interface Review {
  /** 1, 2 … */
  readonly number: number
  /** The local date it is for. */
  readonly day: string
  /** Names the rules it goes by. */
  readonly rules: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly finishedAt: number | null
  /** Where the fifths begin, by figure. */
  readonly cuts: Readonly<Record<keyof RfmScores, Cuts>>
  /** All members up to this number are done. */
  readonly reached: number
  readonly members: number
  /** How many members are in each segment. */
  readonly sizes: Readonly<Record<string, number>>
}

/** What the last review found of a member. */
export interface Standing {
  readonly rfm: RfmScores | null
  readonly segments: readonly string[]
}

const COLUMNS = [
  'number',
  'day',
  'rules',
  'started_at',
  'finished_at',
  'cuts',
  'reached',
  'members',
  'sizes',
]

/** The newest, whether it is finished or not; or the newest finished one. */
export async function selectReview(
  connection: SqlConnection,
  { finished }: { finished: boolean },
): Promise<Review | undefined> {
  const where = finished ? 'WHERE finished_at IS NOT NULL' : ''
  const rows = await connection.select(
    `SELECT ${COLUMNS.join(', ')} FROM member_review ${where} ORDER BY number DESC LIMIT 1`,
  )
  return rows[0] && readReview(rows[0])
}

/** A second one with the same number is a duplicate key: another server has begun it. */
export async function insertReview(connection: SqlConnection, review: Review): Promise<void> {
  await connection.insert(
    { table: 'member_review', columns: COLUMNS, key: ['number'], onConflict: 'fail' },
    [
      [
        review.number,
        review.day,
        review.rules,
        review.startedAt,
        review.finishedAt,
        writeCuts(review.cuts),
        review.reached,
        review.members,
        JSON.stringify(review.sizes),
      ],
    ],
  )
}

/** Moves a review on, if nobody else has: false where somebody had. */
export async function updateReview(
  connection: SqlConnection,
  { from, to }: { from: Review; to: Review },
): Promise<boolean> {
  const moved = await connection.run(
    `UPDATE member_review SET reached = ?, members = ?, sizes = ?, finished_at = ?
     WHERE number = ? AND reached = ? AND finished_at IS NULL`,
    [to.reached, to.members, JSON.stringify(to.sizes), to.finishedAt, from.number, from.reached],
  )
  return moved === 1
}

/** Only the last finished one and what came after it is ever read. */
export async function deleteReviewsBefore(
  connection: SqlConnection,
  number: number,
): Promise<void> {
  await connection.run('DELETE FROM member_review WHERE number < ?', [number])
}

export async function upsertStandings(
  connection: SqlConnection,
  standings: readonly (Standing & { readonly member: number })[],
): Promise<void> {
  if (standings.length === 0) return
  await connection.insert(
    {
      table: 'member_standing',
      columns: ['member', 'recency', 'frequency', 'monetary', 'segments'],
      key: ['member'],
      onConflict: 'update',
    },
    standings.map(({ member, rfm, segments }) => [
      member,
      rfm?.recency ?? null,
      rfm?.frequency ?? null,
      rfm?.monetary ?? null,
      JSON.stringify(segments),
    ]),
  )
}

/** Of a member who is there no more. */
export async function deleteStanding(connection: SqlConnection, member: number): Promise<void> {
  await connection.run('DELETE FROM member_standing WHERE member = ?', [member])
}

/** JSON knows no infinity: such a cut is written as its sign. */
function writeCuts(cuts: Review['cuts']): string {
  return JSON.stringify(cuts, (_, value) =>
    value === Infinity ? '+' : value === -Infinity ? '-' : value,
  )
}

function readCuts(text: string): Review['cuts'] {
  return JSON.parse(text, (_, value) =>
    value === '+' ? Infinity : value === '-' ? -Infinity : value,
  )
}

function readReview(row: SqlRow): Review {
  return {
    number: Number(row.number),
    day: String(row.day),
    rules: String(row.rules),
    startedAt: Number(row.started_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
    cuts: readCuts(String(row.cuts)),
    reached: Number(row.reached),
    members: Number(row.members),
    sizes: JSON.parse(String(row.sizes)),
  }
}
