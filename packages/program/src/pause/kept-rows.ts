import type { JsonObject, SqlConnection, SqlRow } from '@pointwell/ledger'

/** `refused`: when it was settled, the source or the programme said no. */
export const KEPT_STATUSES = ['kept', 'settled', 'refused'] as const
export type KeptStatus = (typeof KEPT_STATUSES)[number]

/** What happened to an event while it was kept. */
export type KeptChange =
  | { readonly act: 'confirm'; readonly at: number }
  | { readonly act: 'return'; readonly key: string; readonly taken: unknown }
  | { readonly act: 'cancel' }

/** An event that came while earning was paused. Instants are epoch milliseconds. */
export interface KeptEvent {
  readonly id: number
  /** The idempotency key that it will be posted with. */
  readonly key: string
  readonly source: string
  /** The pause that kept it, or a later one. */
  readonly pauseId: number
  readonly memberId: string
  readonly once: string
  /** As the source's schema made it. */
  readonly event: unknown
  /** What is compared when it comes again. */
  readonly content: JsonObject
  readonly happenedAt: number
  readonly keptAt: number
  /** A source does it about what others did. */
  readonly byItself: boolean
  readonly status: KeptStatus
  /** In the order in which they came. */
  readonly changes: readonly KeptChange[]
  /** What it earned; null: it is not settled. */
  readonly points: number | null
  /** Why it, or something that happened to it, was refused. */
  readonly refusal: string | null
  readonly settledAt: number | null
}

export type NewKeptEvent = Omit<
  KeptEvent,
  'id' | 'status' | 'changes' | 'points' | 'refusal' | 'settledAt'
>

const NEW_COLUMNS = [
  'event_key',
  'source',
  'pause_id',
  'member_id',
  'once',
  'event',
  'content',
  'happened_at',
  'kept_at',
  'by_itself',
  'status',
  'changes',
  'changes_made',
  'next_try_at',
] as const
const COLUMNS = `id, ${NEW_COLUMNS.slice(0, 12).join(', ')}, points, refusal, settled_at`

/** What is kept already stays as it is; what was refused when it was settled is kept anew. */
export async function insertKept(
  connection: SqlConnection,
  events: readonly NewKeptEvent[],
): Promise<void> {
  await connection.insert(
    { table: 'kept_event', columns: NEW_COLUMNS, key: ['event_key'], onConflict: 'ignore' },
    events.map((it) => [
      it.key,
      it.source,
      it.pauseId,
      it.memberId,
      it.once,
      JSON.stringify(it.event),
      JSON.stringify(it.content),
      it.happenedAt,
      it.keptAt,
      it.byItself ? 1 : 0,
      'kept',
      '[]',
      0,
      0,
    ]),
  )
}

/** An event that was refused when it was settled, and came again in another pause. */
export async function keepAgain(
  connection: SqlConnection,
  { key, pauseId, memberId, event, content, happenedAt, keptAt, byItself }: NewKeptEvent,
): Promise<void> {
  await connection.run(
    `UPDATE kept_event SET status = 'kept', pause_id = ?, member_id = ?, event = ?, content = ?,
       happened_at = ?, kept_at = ?, by_itself = ?, changes = '[]', changes_made = 0, refusal = NULL,
       settled_at = NULL, next_try_at = 0
     WHERE event_key = ? AND status = 'refused'`,
    [
      pauseId,
      memberId,
      JSON.stringify(event),
      JSON.stringify(content),
      happenedAt,
      keptAt,
      byItself ? 1 : 0,
      key,
    ],
  )
}

/** By their keys. `lock`: nobody else changes them until the transaction ends. */
export async function selectKept(
  connection: SqlConnection,
  keys: readonly string[],
  { lock = false }: { lock?: boolean } = {},
): Promise<Map<string, KeptEvent>> {
  // SQLite has one writer at a time, and no word for this.
  const locked = lock && connection.dialect === 'mysql' ? ' FOR UPDATE' : ''
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM kept_event WHERE event_key IN (?)${locked}`,
    [keys],
  )
  return new Map(rows.map(readKept).map((event) => [event.key, event]))
}

export async function updateChanges(
  connection: SqlConnection,
  { id, changes }: Pick<KeptEvent, 'id' | 'changes'>,
): Promise<void> {
  await connection.run('UPDATE kept_event SET changes = ?, changes_made = ? WHERE id = ?', [
    JSON.stringify(changes),
    changes.length,
    id,
  ])
}

/** Those that may be settled now, in the order in which they happened: an operator asked for it, and the
 * source is not paused. */
export async function selectToSettle(
  connection: SqlConnection,
  { now, limit }: { now: number; limit: number },
): Promise<KeptEvent[]> {
  const columns = COLUMNS.split(', ').map((column) => `k.${column}`)
  const rows = await connection.select(
    `SELECT ${columns.join(', ')} FROM kept_event k
     JOIN kept_settlement s ON s.source = k.source AND k.pause_id <= s.up_to
     WHERE k.status = 'kept' AND k.next_try_at <= ? AND NOT EXISTS (
       SELECT 1 FROM earning_pause p WHERE p.closed = 0 AND (p.source = '*' OR p.source = k.source))
     ORDER BY k.happened_at, k.id LIMIT ?`,
    [now, limit],
  )
  return rows.map(readKept)
}

/** False: something happened to it meanwhile that is not among the `changes` yet. */
export async function endKept(
  connection: SqlConnection,
  outcome: {
    readonly id: number
    readonly changes: number
    readonly status: 'settled' | 'refused'
    readonly points: number | null
    readonly refusal: string | null
    readonly at: number
  },
): Promise<boolean> {
  const ended = await connection.run(
    `UPDATE kept_event SET status = ?, points = ?, refusal = ?, settled_at = ?
     WHERE id = ? AND status = 'kept' AND changes_made = ?`,
    [outcome.status, outcome.points, outcome.refusal, outcome.at, outcome.id, outcome.changes],
  )
  return ended === 1
}

export async function putOff(
  connection: SqlConnection,
  { id, until }: { id: number; until: number },
): Promise<void> {
  await connection.run('UPDATE kept_event SET next_try_at = ? WHERE id = ?', [until, id])
}

/** In the order in which they came, after the one with the number `after`; null: of any source, in any
 * state. */
export async function selectKeptPage(
  connection: SqlConnection,
  page: { source: string | null; status: KeptStatus | null; after: number; limit: number },
): Promise<KeptEvent[]> {
  const { source, status, after, limit } = page
  const terms = ['id > ?', ...(source ? ['source = ?'] : []), ...(status ? ['status = ?'] : [])]
  const given = [source, status].filter((it) => it !== null)
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM kept_event WHERE ${terms.join(' AND ')} ORDER BY id LIMIT ?`,
    [after, ...given, limit],
  )
  return rows.map(readKept)
}

/** How many of a source there are of each status, and when the oldest that waits happened. */
export interface KeptCount {
  readonly source: string
  readonly status: KeptStatus
  readonly events: number
  readonly oldest: number
}

export async function countKept(connection: SqlConnection): Promise<KeptCount[]> {
  const rows = await connection.select(
    `SELECT source, status, COUNT(*) AS events, MIN(happened_at) AS oldest
     FROM kept_event GROUP BY source, status`,
  )
  return rows.map((row) => ({
    source: String(row.source),
    status: row.status as KeptStatus,
    events: Number(row.events),
    oldest: Number(row.oldest),
  }))
}

/** That what pauses up to a number kept of a source may be settled. */
export interface Settlement {
  readonly source: string
  readonly upTo: number
  readonly reason: string
  readonly requestedBy: string
  readonly requestedAt: number
}

export async function putSettlements(
  connection: SqlConnection,
  settlements: readonly Settlement[],
): Promise<void> {
  await connection.insert(
    {
      table: 'kept_settlement',
      columns: ['source', 'up_to', 'reason', 'requested_by', 'requested_at'],
      key: ['source'],
      onConflict: 'update',
    },
    settlements.map((it) => [it.source, it.upTo, it.reason, it.requestedBy, it.requestedAt]),
  )
}

export async function selectSettlements(connection: SqlConnection): Promise<Settlement[]> {
  const rows = await connection.select(
    'SELECT source, up_to, reason, requested_by, requested_at FROM kept_settlement',
  )
  return rows.map((row) => ({
    source: String(row.source),
    upTo: Number(row.up_to),
    reason: String(row.reason),
    requestedBy: String(row.requested_by),
    requestedAt: Number(row.requested_at),
  }))
}

function readKept(row: SqlRow): KeptEvent {
  return {
    id: Number(row.id),
    key: String(row.event_key),
    source: String(row.source),
    pauseId: Number(row.pause_id),
    memberId: String(row.member_id),
    once: String(row.once),
    event: JSON.parse(String(row.event)),
    content: JSON.parse(String(row.content)),
    happenedAt: Number(row.happened_at),
    keptAt: Number(row.kept_at),
    byItself: Number(row.by_itself) === 1,
    status: row.status as KeptStatus,
    changes: JSON.parse(String(row.changes)),
    points: row.points === null ? null : Number(row.points),
    refusal: row.refusal === null ? null : String(row.refusal),
    settledAt: row.settled_at === null ? null : Number(row.settled_at),
  }
}
