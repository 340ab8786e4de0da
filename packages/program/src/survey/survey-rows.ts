import type { SqlConnection, SqlRow, SqlValue } from '@pointwell/ledger'

/** What a member thinks of a redemption. */
export interface SurveyAnswer {
  readonly redemptionId: string
  /** Whose redemption it was when it was answered. */
  readonly wallet: number
  readonly offerId: string
  readonly channel: string
  /** Of the programme's zone, on which the redemption was fulfilled: `YYYY-MM-DD`. */
  readonly day: string
  /** 1 to 5. */
  readonly score: number
  readonly comment: string | null
  /** Epoch milliseconds; null: it was never changed. */
  readonly answeredAt: number
  readonly changedAt: number | null
}

/** Whose results: of an offer, of a channel, of all; of redemptions fulfilled on these days. */
export interface SurveySpan {
  readonly of: { readonly offerId: string } | { readonly channel: string } | null
  readonly from: string
  /** The last day, all of it. */
  readonly to: string
}

/** A place in a list of comments. */
export interface CommentPlace {
  readonly day: string
  readonly id: number
}

export type SurveyComment = SurveyAnswer & CommentPlace & { readonly comment: string }

const COLUMNS = [
  'redemption_id',
  'wallet',
  'offer_id',
  'channel',
  'day',
  'score',
  'comment',
  'answered_at',
  'changed_at',
] as const
const SELECTED = `id, ${COLUMNS.join(', ')}`

/** Nothing is written where there is one of the redemption. */
export async function insertAnswer(connection: SqlConnection, answer: SurveyAnswer): Promise<void> {
  await connection.insert(
    {
      table: 'survey_answer',
      columns: [...COLUMNS],
      key: ['redemption_id'],
      onConflict: 'ignore',
    },
    [
      [
        answer.redemptionId,
        answer.wallet,
        answer.offerId,
        answer.channel,
        answer.day,
        answer.score,
        answer.comment,
        answer.answeredAt,
        answer.changedAt,
      ],
    ],
  )
}

export async function updateAnswer(
  connection: SqlConnection,
  { redemptionId, score, comment, changedAt }: SurveyAnswer,
): Promise<void> {
  await connection.run(
    'UPDATE survey_answer SET score = ?, comment = ?, changed_at = ? WHERE redemption_id = ?',
    [score, comment, changedAt, redemptionId],
  )
}

/** Those that there are, by redemption; one statement. */
export async function selectAnswers(
  connection: SqlConnection,
  redemptionIds: readonly string[],
): Promise<Map<string, SurveyAnswer>> {
  if (redemptionIds.length === 0) return new Map()
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM survey_answer WHERE redemption_id IN (?)`,
    [redemptionIds],
  )
  return new Map(rows.map((row) => [String(row.redemption_id), readRow(row)]))
}

/** How many gave each score. */
export async function countScores(
  connection: SqlConnection,
  span: SurveySpan,
): Promise<ReadonlyMap<number, number>> {
  const { where, values } = spanCondition(span)
  const rows = await connection.select(
    `SELECT score, COUNT(*) AS answers FROM survey_answer WHERE ${where} GROUP BY score`,
    values,
  )
  return new Map(rows.map((row) => [Number(row.score), Number(row.answers)]))
}

/** Of the newest redemptions first, those after a place in that order. */
export async function selectComments(
  connection: SqlConnection,
  { limit, after, ...span }: SurveySpan & { limit: number; after: CommentPlace | null },
): Promise<SurveyComment[]> {
  const { where, values } = spanCondition(span)
  const beyond = after ? ' AND (day < ? OR (day = ? AND id < ?))' : ''
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM survey_answer WHERE ${where} AND comment IS NOT NULL${beyond}
     ORDER BY day DESC, id DESC LIMIT ?`,
    [...values, ...(after ? [after.day, after.day, after.id] : []), limit],
  )
  return rows.map((row) => ({ ...readRow(row), id: Number(row.id), comment: String(row.comment) }))
}

/** Nobody else erases the member until the transaction ends; false: it is erased, or about to be. */
export async function lockUnerased(connection: SqlConnection, wallet: number): Promise<boolean> {
  // SQLite has one writer at a time, and no word for this.
  const locked = connection.dialect === 'mysql' ? ' FOR UPDATE' : ''
  const [row] = await connection.select(`SELECT erased_at FROM member WHERE id = ?${locked}`, [
    wallet,
  ])
  return row !== undefined && row.erased_at === null
}

/** `table`: what goes before the names of the columns. */
export function spanCondition(
  { of, from, to }: SurveySpan,
  table = '',
): { readonly where: string; readonly values: readonly SqlValue[] } {
  const days = `${table}day >= ? AND ${table}day <= ?`
  if (of === null) return { where: days, values: [from, to] }
  return 'offerId' in of
    ? { where: `${table}offer_id = ? AND ${days}`, values: [of.offerId, from, to] }
    : { where: `${table}channel = ? AND ${days}`, values: [of.channel, from, to] }
}

function readRow(row: SqlRow): SurveyAnswer {
  return {
    redemptionId: String(row.redemption_id),
    wallet: Number(row.wallet),
    offerId: String(row.offer_id),
    channel: String(row.channel),
    day: String(row.day),
    score: Number(row.score),
    comment: row.comment === null ? null : String(row.comment),
    answeredAt: Number(row.answered_at),
    changedAt: row.changed_at === null ? null : Number(row.changed_at),
  }
}
