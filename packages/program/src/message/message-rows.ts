import type { JsonObject, SqlConnection, SqlRow } from '@pointwell/ledger'
import type { MessageKind } from './message-words.js'

/** Something that a member is to be told. */
export interface NewMessage {
  readonly wallet: number
  readonly kind: MessageKind
  /** Names the message among the member's: of two with the same name the first stays. */
  readonly name: string
  /** What its sentences need. */
  readonly figures: JsonObject
  /** Epoch milliseconds. */
  readonly writtenAt: number
}

export interface Message extends NewMessage {
  readonly id: number
}

/** What a message that was just written is known by. */
export type WrittenMessage = Pick<Message, 'id' | 'writtenAt'>

const COLUMNS = ['wallet', 'kind', 'name', 'figures', 'written_at'] as const
/** Of a message, as `readMessage` reads them. */
export const MESSAGE_COLUMNS = ['id', ...COLUMNS] as const
const SELECTED = MESSAGE_COLUMNS.join(', ')

/** Messages whose name the member has already are left out. */
export async function insertMessages(
  connection: SqlConnection,
  messages: readonly NewMessage[],
): Promise<void> {
  if (messages.length === 0) return
  await connection.insert(
    { table: 'message', columns: [...COLUMNS], key: ['wallet', 'name'], onConflict: 'ignore' },
    messages.map(({ wallet, kind, name, figures, writtenAt }) => [
      wallet,
      kind,
      name,
      JSON.stringify(figures),
      writtenAt,
    ]),
  )
}

/** Those of the given that are in the table as they were given: not those whose name was taken. */
export async function selectWritten(
  connection: SqlConnection,
  messages: readonly NewMessage[],
): Promise<WrittenMessage[]> {
  const given = new Map(messages.map((it) => [`${it.wallet}:${it.name}`, it.writtenAt]))
  const rows = await connection.select(
    'SELECT id, wallet, name, written_at FROM message WHERE wallet IN (?) AND name IN (?)',
    [
      [...new Set(messages.map(({ wallet }) => wallet))],
      [...new Set(messages.map(({ name }) => name))],
    ],
  )
  return rows
    .filter((row) => given.get(`${row.wallet}:${row.name}`) === Number(row.written_at))
    .map((row) => ({ id: Number(row.id), writtenAt: Number(row.written_at) }))
}

/** Of one member, the newest first, before the one with the number `before`. */
export async function selectMessages(
  connection: SqlConnection,
  { wallet, before, limit }: { wallet: number; before: number; limit: number },
): Promise<Message[]> {
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM message WHERE wallet = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    [wallet, before, limit],
  )
  return rows.map(readMessage)
}

/** The newest `limit` of each, these first, in one statement (A4). */
export async function selectNewestMessages(
  connection: SqlConnection,
  { wallets, limit }: { wallets: readonly number[]; limit: number },
): Promise<Message[]> {
  if (wallets.length === 0) return []
  const rows = await connection.select(
    `SELECT ${SELECTED} FROM (
       SELECT ${SELECTED}, ROW_NUMBER() OVER (PARTITION BY wallet ORDER BY id DESC) AS place
       FROM message WHERE wallet IN (?)
     ) AS newest WHERE place <= ? ORDER BY id DESC`,
    [wallets, limit],
  )
  return rows.map(readMessage)
}

export function readMessage(row: SqlRow): Message {
  return {
    id: Number(row.id),
    wallet: Number(row.wallet),
    kind: String(row.kind) as MessageKind,
    name: String(row.name),
    figures: JSON.parse(String(row.figures)) as JsonObject,
    writtenAt: Number(row.written_at),
  }
}
