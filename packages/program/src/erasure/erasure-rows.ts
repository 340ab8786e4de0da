import type { SqlConnection, SqlRow } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { Identity } from '../member/member-rows.js'

/**
 * `asked`: the wallet may still be open. `ended`: it is closed, and the member is no more. `named`: it is
 * known whose history names the member. `done`: nothing tells any more who it was.
 */
export type ErasureState = 'asked' | 'ended' | 'named' | 'done'

/** What is looked for, until it is done. */
export interface ErasureSubject {
  /** The shop's own ids: the one it goes by, and those of members that were merged into it. */
  readonly ids: readonly string[]
  /** The ledger's numbers of the wallets of these, in the same order. */
  readonly wallets: readonly number[]
  readonly identities: readonly Identity[]
  /** Other members whose history may name this one: the ledger's numbers of their wallets. */
  readonly namedBy: readonly number[]
}

/** A member who asked to be erased (M8). Instants are epoch milliseconds, points are whole. */
export interface Erasure {
  readonly id: number
  readonly wallet: number
  readonly pseudonym: string
  readonly state: ErasureState
  /** Null: it is done, and nobody knows any more. */
  readonly subject: ErasureSubject | null
  /** The operator who had it done; null: the member itself. */
  readonly acting: Acting | null
  readonly forfeited: number
  readonly forgiven: number
  readonly askedAt: number
  readonly doneAt: number | null
}

const COLUMNS =
  'id, member, pseudonym, state, subject, acting, forfeited, forgiven, asked_at, done_at'

/** A second one of the same member, or with the same key, is a duplicate key. */
export async function insertErasure(
  connection: SqlConnection,
  erasure: Pick<Erasure, 'wallet' | 'pseudonym' | 'subject' | 'acting' | 'askedAt'> & {
    readonly requestKey: string
    readonly claimedUntil: number
  },
): Promise<void> {
  await connection.insert(
    {
      table: 'member_erasure',
      columns: [
        'member',
        'pseudonym',
        'request_key',
        'state',
        'subject',
        'acting',
        'forfeited',
        'forgiven',
        'asked_at',
        'claimed_until',
      ],
      key: ['member'],
      onConflict: 'fail',
    },
    [
      [
        erasure.wallet,
        erasure.pseudonym,
        erasure.requestKey,
        'asked',
        JSON.stringify(erasure.subject),
        erasure.acting && JSON.stringify(erasure.acting),
        0,
        0,
        erasure.askedAt,
        erasure.claimedUntil,
      ],
    ],
  )
}

export async function selectErasureByKey(
  connection: SqlConnection,
  requestKey: string,
): Promise<Erasure | undefined> {
  const sql = `SELECT ${COLUMNS} FROM member_erasure WHERE request_key = ?`
  return (await connection.select(sql, [requestKey])).map(readErasure)[0]
}

export async function selectErasure(
  connection: SqlConnection,
  id: number,
): Promise<Erasure | undefined> {
  const sql = `SELECT ${COLUMNS} FROM member_erasure WHERE id = ?`
  return (await connection.select(sql, [id])).map(readErasure)[0]
}

/** Those that are not done, the oldest first. */
export async function selectOpenErasures(
  connection: SqlConnection,
  limit: number,
): Promise<Erasure[]> {
  const sql = `SELECT ${COLUMNS} FROM member_erasure WHERE state IN ('asked', 'ended', 'named') ORDER BY id LIMIT ?`
  return (await connection.select(sql, [limit])).map(readErasure)
}

/** Those that are not done and that nobody is at, the oldest first: their numbers. */
export async function selectDueErasures(
  connection: SqlConnection,
  { now, limit }: { now: number; limit: number },
): Promise<number[]> {
  const rows = await connection.select(
    `SELECT id FROM member_erasure WHERE state IN ('asked', 'ended', 'named') AND claimed_until <= ?
     ORDER BY id LIMIT ?`,
    [now, limit],
  )
  return rows.map(({ id }) => Number(id))
}

/** False: somebody else is at it. */
export async function claimErasure(
  connection: SqlConnection,
  { id, now, until }: { id: number; now: number; until: number },
): Promise<boolean> {
  const claimed = await connection.run(
    'UPDATE member_erasure SET claimed_until = ? WHERE id = ? AND claimed_until <= ?',
    [until, id, now],
  )
  return claimed === 1
}

export async function changeErasure(
  connection: SqlConnection,
  id: number,
  change: Partial<
    Pick<Erasure, 'state' | 'subject' | 'acting' | 'forfeited' | 'forgiven' | 'doneAt'>
  > & {
    readonly claimedUntil?: number
  },
): Promise<void> {
  const { state, subject, acting, forfeited, forgiven, doneAt, claimedUntil } = change
  const values = Object.entries({
    state,
    subject: subject && JSON.stringify(subject),
    acting: acting && JSON.stringify(acting),
    forfeited,
    forgiven,
    done_at: doneAt,
    claimed_until: claimedUntil,
  }).filter((it): it is [string, string | number | null] => it[1] !== undefined)
  await connection.run(
    `UPDATE member_erasure SET ${values.map(([name]) => `${name} = ?`).join(', ')} WHERE id = ?`,
    [...values.map(([, value]) => value), id],
  )
}

/** It could not be begun: nothing of it stays. */
export async function deleteErasure(connection: SqlConnection, id: number): Promise<void> {
  await connection.run("DELETE FROM member_erasure WHERE id = ? AND state = 'asked'", [id])
}

/** As many of one statement. */
const IDS = 5_000

/** Wallets by ids, also of members who were erased themselves, and of all that were merged with one of these:
 * the history of each may name others, and what is remembered moved on. */
export async function selectWallets(
  connection: SqlConnection,
  ids: readonly string[],
): Promise<number[]> {
  const wallets: number[] = []
  for (let start = 0; start < ids.length; start += IDS) {
    const some = ids.slice(start, start + IDS)
    const named = await connection.select(
      'SELECT id, merged_into FROM member WHERE external_id IN (?)',
      [some],
    )
    if (named.length === 0) continue
    const roots = named.map((row) => Number(row.merged_into ?? row.id))
    const rows = await connection.select(
      'SELECT id FROM member WHERE id IN (?) OR merged_into IN (?)',
      [roots, roots],
    )
    wallets.push(...rows.map((row) => Number(row.id)))
  }
  return [...new Set(wallets)]
}

function readErasure(row: SqlRow): Erasure {
  return {
    id: Number(row.id),
    wallet: Number(row.member),
    pseudonym: String(row.pseudonym),
    state: row.state as ErasureState,
    subject: row.subject === null ? null : (JSON.parse(String(row.subject)) as ErasureSubject),
    acting: row.acting === null ? null : (JSON.parse(String(row.acting)) as Acting),
    forfeited: Number(row.forfeited),
    forgiven: Number(row.forgiven),
    askedAt: Number(row.asked_at),
    doneAt: row.done_at === null ? null : Number(row.done_at),
  }
}
