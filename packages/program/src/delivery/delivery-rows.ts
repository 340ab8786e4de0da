import type { SqlConnection, SqlParameter, SqlRow } from '@pointwell/ledger'
import { MESSAGE_COLUMNS, type Message, readMessage } from '../message/message-rows.js'

/** `dead`: it is not tried any more, unless an operator says so. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'dead'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** A message on its way by one notifier. Instants are epoch milliseconds. */
export interface Delivery {
  readonly id: number
  /** What the notifier knows it by. */
  readonly ref: string
  readonly notifier: string
  readonly message: Message
  /** Of the member's now, where it was merged with another. */
  readonly memberId: string
  readonly state: DeliveryState
  /** How often the notifier was asked since it was put in the queue. */
  readonly attempts: number
  /** When it was put in the queue: when the message was written, or an operator asked again. */
  readonly askedAt: number
  /** When it is tried next; null: it is not. */
  readonly dueAt: number | null
  /** Why it was not delivered when it was last tried, for operators. */
  readonly detail: string | null
  readonly endedAt: number | null
}

export interface NewDelivery {
  readonly ref: string
  readonly message: number
  readonly notifier: string
  readonly askedAt: number
}

/** What came of a try. */
export interface Outcome {
  readonly state: DeliveryState
  readonly dueAt: number | null
  readonly detail: string | null
  readonly endedAt: number | null
}

export interface DeliveryFilter {
  readonly state: DeliveryState | null
  readonly notifier: string | null
}

const NEW_COLUMNS = [
  'ref',
  'message',
  'notifier',
  'state',
  'attempts',
  'asked_at',
  'due_at',
] as const

const SELECTED = `d.id AS delivery_id, d.ref, d.notifier, d.state, d.attempts, d.asked_at, d.due_at,
  d.detail, d.ended_at, w.external_id, ${MESSAGE_COLUMNS.map((name) => `m.${name} AS ${name}`).join(', ')}`
const TABLES = `message_delivery d JOIN message m ON m.id = d.message JOIN member w ON w.id = m.wallet`

/** Of a message and a notifier there is one: what is there stays. */
export async function insertDeliveries(
  connection: SqlConnection,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return
  await connection.insert(
    {
      table: 'message_delivery',
      columns: [...NEW_COLUMNS],
      key: ['message', 'notifier'],
      onConflict: 'ignore',
    },
    deliveries.map(({ ref, message, notifier, askedAt }) => [
      ref,
      message,
      notifier,
      'waiting',
      0,
      askedAt,
      askedAt,
    ]),
  )
}

/** Takes what is due for one server until `until`; answers with what it got, the longest waiting first. */
export async function claimDeliveries(
  connection: SqlConnection,
  { claim, now, until, limit }: { claim: string; now: number; until: number; limit: number },
): Promise<Delivery[]> {
  const due = await connection.select(
    'SELECT id FROM message_delivery WHERE due_at <= ? ORDER BY due_at LIMIT ?',
    [now, limit],
  )
  if (due.length === 0) return []
  const taken = await connection.run(
    'UPDATE message_delivery SET claim = ?, due_at = ? WHERE id IN (?) AND due_at <= ?',
    [claim, until, due.map(({ id }) => Number(id)), now],
  )
  if (taken === 0) return []
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM ${TABLES} WHERE d.claim = ? ORDER BY d.id`,
    [claim],
  )
  return rows.map(readRow)
}

/** What came of a try, unless another has it by now. `asked`: the notifier was. */
export async function endTry(
  connection: SqlConnection,
  { id, claim, asked }: { id: number; claim: string; asked: boolean },
  { state, dueAt, detail, endedAt }: Outcome,
): Promise<void> {
  await connection.run(
    `UPDATE message_delivery SET state = ?, attempts = attempts + ?, due_at = ?, detail = ?, ended_at = ?,
       claim = NULL WHERE id = ? AND claim = ?`,
    [
      state,
      asked ? 1 : 0,
      dueAt,
      detail === null ? null : JSON.stringify(detail),
      endedAt,
      id,
      claim,
    ],
  )
}

/** Tries a dead one anew; false: it is not dead. */
export async function reviveDelivery(
  connection: SqlConnection,
  id: number,
  now: number,
): Promise<boolean> {
  const changed = await connection.run(
    `UPDATE message_delivery SET state = 'waiting', attempts = 0, asked_at = ?, due_at = ?, ended_at = NULL
     WHERE id = ? AND state = 'dead'`,
    [now, now, id],
  )
  return changed > 0
}

export async function selectDelivery(
  connection: SqlConnection,
  id: number,
): Promise<Delivery | undefined> {
  const [row] = await connection.select(`SELECT ${SELECTED} FROM ${TABLES} WHERE d.id = ?`, [id])
  return row && readRow(row)
}

/** The newest first, before the one with the number `before`. */
export async function selectDeliveries(
  connection: SqlConnection,
  { filter, before, limit }: { filter: DeliveryFilter; before: number; limit: number },
): Promise<Delivery[]> {
  const only: [string, SqlParameter][] = [['d.id < ?', before]]
  if (filter.state !== null) only.push(['d.state = ?', filter.state])
  if (filter.notifier !== null) only.push(['d.notifier = ?', filter.notifier])
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM ${TABLES} WHERE ${only.map(([term]) => term).join(' AND ')}
     ORDER BY d.id DESC LIMIT ?`,
    [...only.map(([, value]) => value), limit],
  )
  return rows.map(readRow)
}

function readRow(row: SqlRow): Delivery {
  return {
    id: Number(row.delivery_id),
    ref: String(row.ref),
    notifier: String(row.notifier),
    message: readMessage(row),
    memberId: String(row.external_id),
    state: String(row.state) as DeliveryState,
    attempts: Number(row.attempts),
    askedAt: Number(row.asked_at),
    dueAt: row.due_at === null ? null : Number(row.due_at),
    detail: row.detail === null ? null : (JSON.parse(String(row.detail)) as string),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
  }
}
