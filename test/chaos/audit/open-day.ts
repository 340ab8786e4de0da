import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect } from 'vitest'
import type { Answer, ClientLog, Write } from '../log/client-log.js'
import { type ChaosReport, runChaos } from '../run-chaos.js'
import { audit } from './audit.js'
import type { Finding } from './finding.js'

/** A day in the life of a server that nobody kills; each test falsifies a copy of it. */
export interface Day extends ChaosReport {
  /** What the auditor says once somebody has been at the database, the logs, or the partner's books. */
  auditAfter(doctor: {
    readonly books?: (database: Sqlite.Database) => void
    readonly log?: (log: ClientLog) => void
    readonly lines?: ChaosReport['partnerLines']
  }): Promise<Finding[]>
  /** The first row; throws where there is none. */
  read<Row>(sql: string, ...values: unknown[]): Row
  /** An acknowledged write, and the wallet it is about. */
  acknowledged(
    act: Write['act'],
    wish?: (write: Write) => boolean,
  ): { readonly write: Write; readonly wallet: number; readonly answer: Answer }
  /** A redemption of an offer that has ended so. */
  redemption(offer: string, status: string): { readonly id: string; readonly wallet: number }
}

export async function openDay(): Promise<Day> {
  const day = await runChaos({
    seed: 7,
    store: 'sqlite',
    servers: 1,
    clients: 6,
    serverKills: 0,
    databaseKills: 0,
    redis: false,
    redisKills: 0,
    leastWrites: 600,
    leastPlaybooks: 9,
  })
  const file = day.databaseUrl.slice('sqlite://'.length)
  let copies = 0
  const read = <Row>(sql: string, ...values: unknown[]): Row => {
    const database = new Sqlite(file, { readonly: true })
    const row = database.prepare(sql).get(...values)
    database.close()
    if (!row) throw new Error(`The day has none: ${sql} ${values}`)
    return row as Row
  }
  return {
    ...day,
    read,
    async auditAfter({ books = () => {}, log: doctor = () => {}, lines = day.partnerLines }) {
      const copy = join(day.folder, `copy-${++copies}.db`)
      await copyFile(file, copy)
      const database = new Sqlite(copy)
      books(database)
      database.close()
      const { writes, followings } = day.log
      const log = structuredClone({ writes, followings })
      doctor(log)
      return audit(`sqlite://${copy}`, log, lines)
    },
    acknowledged(act, wish = () => true) {
      const write = day.log.writes.find((it) => it.act === act && answerOf(it) && wish(it))
      if (!write) throw new Error(`The day has no such ${act}.`)
      const sql = 'SELECT id FROM member WHERE external_id = ?'
      const { id: wallet } = read<{ id: number }>(sql, write.member)
      return { write, wallet, answer: answerOf(write)! }
    },
    redemption: (offer, status) =>
      read(
        `SELECT ref AS id, wallet_id AS wallet FROM ledger_record WHERE kind = 'redemption'
         AND json_extract(body, '$.offer.id') = ? AND json_extract(body, '$.status') = ?`,
        offer,
        status,
      ),
  }
}

export const answerOf = ({ attempts }: Write): Answer | undefined =>
  attempts.flatMap(({ outcome }) => ('answer' in outcome ? [outcome.answer] : []))[0]

/** The same write in another copy of the log. */
export const same = (log: ClientLog, { act, key }: Write) =>
  log.writes.find((it) => it.act === act && it.key === key)!

export const found = (rule: string, key: string, wallet: number | null) =>
  expect.objectContaining({ rule, key, wallet })
