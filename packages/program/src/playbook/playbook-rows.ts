import type { SqlConnection, SqlRow } from '@pointwell/ledger'
import type { OfferTerms } from '../offer/offer-terms.js'
import type { Share } from './rank-missed.js'

/** `applying`: decided, and being carried out. `reverting`: the same of its way back. */
export const PLAYBOOK_STATES = ['applying', 'applied', 'reverting', 'reverted'] as const
export type PlaybookState = (typeof PLAYBOOK_STATES)[number]

/** Shares: waiting, given, called off; and in the hands of who gives it, who is not called back any more. */
const WAITING = 0
export const GIVEN = 1
export const CALLED_OFF = 2
const IN_HAND = 3

/** What an operator asked for, with what the policy said then. */
export interface PlaybookTerms {
  readonly compensate: boolean
  readonly extend: boolean
  /** Offers that are put up beside it, by id. */
  readonly offersUp: readonly string[]
  /** What the offer and those beside it can be paid with from then on; null: as before. */
  readonly pointsAndCash: OfferTerms['pointsAndCash']
  readonly pause: boolean
  readonly reason: string
  readonly extension: { readonly withinDays: number; readonly days: number }
}

/** What was found, for the way back. */
export interface PlaybookFound {
  /** By the offer's id. */
  readonly offers: Readonly<Record<string, Pick<OfferTerms, 'active' | 'pointsAndCash'>>>
  /** The pause that it began; null: none. */
  readonly pause: number | null
}

export interface Playbook {
  readonly id: string
  readonly requestKey: string
  readonly offer: string
  readonly state: PlaybookState
  readonly terms: PlaybookTerms
  readonly found: PlaybookFound
  /** The budget's period that it counts in; empty: there was no budget. */
  readonly period: string
  /** How many had missed out, how many of them it reaches, and with how many points. */
  readonly missed: number
  readonly reached: number
  readonly points: number
  readonly appliedBy: string
  readonly appliedAt: number
  readonly revertedBy: string | null
  readonly revertedAt: number | null
  /** When a job looks at it again; null: nothing is left to do. */
  readonly nextTryAt: number | null
}

const COLUMNS =
  'id, request_key, offer, state, terms, found, period, missed, reached, points, applied_by, applied_at, reverted_by, reverted_at, next_try_at'

export async function insertPlaybook(
  connection: SqlConnection,
  playbook: Playbook,
  shares: readonly Share[],
): Promise<void> {
  await connection.insert(
    { table: 'playbook', columns: COLUMNS.split(', '), key: ['id'], onConflict: 'fail' },
    [
      [
        playbook.id,
        playbook.requestKey,
        playbook.offer,
        playbook.state,
        JSON.stringify(playbook.terms),
        JSON.stringify(playbook.found),
        playbook.period,
        playbook.missed,
        playbook.reached,
        playbook.points,
        playbook.appliedBy,
        playbook.appliedAt,
        playbook.revertedBy,
        playbook.revertedAt,
        playbook.nextTryAt,
      ],
    ],
  )
  if (shares.length === 0) return
  await connection.insert(
    {
      table: 'playbook_share',
      columns: ['playbook', 'place', 'member', 'points', 'state'],
      key: ['playbook', 'place'],
      onConflict: 'fail',
    },
    shares.map(({ member, points }, place) => [playbook.id, place, member, points, WAITING]),
  )
}

export async function updatePlaybook(
  connection: SqlConnection,
  { id, state, found, revertedBy, revertedAt, nextTryAt }: Playbook,
  from: readonly PlaybookState[],
): Promise<boolean> {
  const changed = await connection.run(
    `UPDATE playbook SET state = ?, found = ?, reverted_by = ?, reverted_at = ?, next_try_at = ?
     WHERE id = ? AND state IN (?)`,
    [state, JSON.stringify(found), revertedBy, revertedAt, nextTryAt, id, from],
  )
  return changed > 0
}

export async function selectPlaybook(
  connection: SqlConnection,
  by: { readonly id: string } | { readonly requestKey: string },
): Promise<Playbook | undefined> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['request_key', by.requestKey]
  const [row] = await connection.select(`SELECT ${COLUMNS} FROM playbook WHERE ${column} = ?`, [
    value!,
  ])
  return row && readPlaybook(row)
}

/** The newest first, before an id. */
export async function selectPlaybooks(
  connection: SqlConnection,
  { before, limit }: { before: string | null; limit: number },
): Promise<Playbook[]> {
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM playbook ${before === null ? '' : 'WHERE id < ?'} ORDER BY id DESC LIMIT ?`,
    before === null ? [limit] : [before, limit],
  )
  return rows.map(readPlaybook)
}

export async function selectDuePlaybooks(
  connection: SqlConnection,
  { now, limit }: { now: number; limit: number },
): Promise<Playbook[]> {
  const rows = await connection.select(
    `SELECT ${COLUMNS} FROM playbook WHERE next_try_at <= ? ORDER BY next_try_at, id LIMIT ?`,
    [now, limit],
  )
  return rows.map(readPlaybook)
}

/** Takes the turn, until the transaction ends: who applies another one waits. */
export async function takeTurn(connection: SqlConnection, at: number): Promise<void> {
  await connection.insert(
    { table: 'playbook_turn', columns: ['id', 'at'], key: ['id'], onConflict: 'update' },
    [[1, at]],
  )
}

/** What was given, or is to be, in a period of the budget. */
export async function selectUsed(connection: SqlConnection, period: string): Promise<number> {
  const [row] = await connection.select(
    `SELECT SUM(s.points) AS used FROM playbook_share s JOIN playbook p ON p.id = s.playbook
     WHERE p.period = ? AND s.state <> ?`,
    [period, CALLED_OFF],
  )
  return Number(row?.used ?? 0)
}

/** Takes the first of those that wait in hand: they are given whatever comes, also by who finds them so. */
export async function takeInHand(
  connection: SqlConnection,
  { playbook, limit }: { playbook: string; limit: number },
): Promise<void> {
  const rows = await connection.select(
    'SELECT place FROM playbook_share WHERE playbook = ? AND state = ? ORDER BY place LIMIT ?',
    [playbook, WAITING, limit],
  )
  if (rows.length === 0) return
  await connection.run(
    'UPDATE playbook_share SET state = ? WHERE playbook = ? AND place IN (?) AND state = ?',
    [IN_HAND, playbook, rows.map(({ place }) => Number(place)), WAITING],
  )
}

/** Those that were taken in hand and not given yet. */
export async function selectInHand(
  connection: SqlConnection,
  playbook: string,
): Promise<(Share & { readonly place: number })[]> {
  const rows = await connection.select(
    `SELECT place, member, points FROM playbook_share WHERE playbook = ? AND state = ?
     ORDER BY place`,
    [playbook, IN_HAND],
  )
  return rows.map((row) => ({
    place: Number(row.place),
    member: Number(row.member),
    points: Number(row.points),
  }))
}

export interface ShareCounts {
  readonly waiting: number
  readonly given: number
  readonly calledOff: number
}

/** How far the shares of each of these playbooks have come. */
export async function countShares(
  connection: SqlConnection,
  playbooks: readonly string[],
): Promise<(playbook: string) => ShareCounts> {
  const rows = await connection.select(
    `SELECT playbook, state, COUNT(*) AS n FROM playbook_share
     WHERE playbook IN (?) GROUP BY playbook, state`,
    [playbooks],
  )
  const counts = new Map(rows.map(({ playbook, state, n }) => [`${playbook} ${state}`, Number(n)]))
  return (playbook) => {
    const of = (state: number) => counts.get(`${playbook} ${state}`) ?? 0
    return { waiting: of(WAITING) + of(IN_HAND), given: of(GIVEN), calledOff: of(CALLED_OFF) }
  }
}

export async function markShare(
  connection: SqlConnection,
  { playbook, place, state }: { playbook: string; place: number; state: number },
): Promise<void> {
  await connection.run('UPDATE playbook_share SET state = ? WHERE playbook = ? AND place = ?', [
    state,
    playbook,
    place,
  ])
}

/** All that nobody has in hand. */
export async function callOffShares(connection: SqlConnection, playbook: string): Promise<void> {
  await connection.run('UPDATE playbook_share SET state = ? WHERE playbook = ? AND state = ?', [
    CALLED_OFF,
    playbook,
    WAITING,
  ])
}

function readPlaybook(row: SqlRow): Playbook {
  const orNull = (value: unknown) => (value === null ? null : Number(value))
  return {
    id: String(row.id),
    requestKey: String(row.request_key),
    offer: String(row.offer),
    state: String(row.state) as PlaybookState,
    terms: JSON.parse(String(row.terms)) as PlaybookTerms,
    found: JSON.parse(String(row.found)) as PlaybookFound,
    period: String(row.period),
    missed: Number(row.missed),
    reached: Number(row.reached),
    points: Number(row.points),
    appliedBy: String(row.applied_by),
    appliedAt: Number(row.applied_at),
    revertedBy: row.reverted_by === null ? null : String(row.reverted_by),
    revertedAt: orNull(row.reverted_at),
    nextTryAt: orNull(row.next_try_at),
  }
}
