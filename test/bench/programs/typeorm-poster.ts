import 'reflect-metadata'
import { readFile } from 'node:fs/promises'
import { deserialize } from 'node:v8'
import type { Database as SqliteConnection } from 'better-sqlite3'
import { DataSource, type EntityManager } from 'typeorm'
import { PLAIN_ENTITIES, type Row } from '../posting/plain-entities.js'
import { type PostingRows, splitBatches } from '../posting/split-batches.js'
import { serveProgram } from '../process/serve-program.js'

/**
 * What most people would write first: each request its own transaction, the wallet locked through its
 * repository, then a row of each kind, then the new balance. Correct, and one commit a request.
 */

let source: DataSource
let onSqlite = false
let postings: PostingRows[] = []

serveProgram({
  async open({ url, pool }: { url: string; pool: number }) {
    onSqlite = url.startsWith('sqlite:')
    source = onSqlite ? sqliteSource(url) : mysqlSource(url, pool)
    await source.initialize()
  },
  /** `from` on, `count` of the postings in the file. */
  async prepare({ file, from, count }: { file: string; from: number; count: number }) {
    postings = splitBatches(deserialize(await readFile(file))).slice(from, from + count)
    globalThis.gc?.()
  },
  /** Postings a second. */
  async run({ callers }: { callers: number }): Promise<number> {
    let next = 0
    const call = async () => {
      while (next < postings.length) {
        const posting = postings[next++]!
        await oneAtATimeOnSqlite(() => post(posting))
      }
    }
    const startedAt = performance.now()
    await Promise.all(Array.from({ length: callers }, call))
    return (postings.length * 1_000) / (performance.now() - startedAt)
  },
  close: () => source.destroy(),
})

function post({ transaction, lot, record, entries }: PostingRows): Promise<void> {
  return source.transaction(async (manager) => {
    const wallet = await lockWallet(manager, Number(transaction.wallet_id))
    const version = Number(wallet.version) + 1
    const seq = Number(wallet.last_lot) + 1
    const points = Number(lot.granted)
    await manager.insert('ledger_transaction', {
      ...transaction,
      version,
      previous_hash: wallet.head,
    })
    await manager.insert(
      'ledger_entry',
      entries.map((entry) => ({ ...entry, version, lot: seq })),
    )
    await manager.insert('ledger_lot', { ...lot, seq })
    await manager.insert('ledger_record', { ...record })
    await manager.update(
      'ledger_wallet',
      { id: wallet.id },
      {
        version,
        last_lot: seq,
        available: Number(wallet.available) + points,
        next_due_at: wallet.next_due_at ?? lot.expires_at,
        head: transaction.hash,
        memo: memoAfter(String(wallet.memo), points, lot.earned_at),
        updated_at: transaction.recorded_at,
      },
    )
  })
}

async function lockWallet(manager: EntityManager, id: number): Promise<Row> {
  const wallet = await manager.getRepository<Row>('ledger_wallet').findOne({
    where: { id },
    ...(!onSqlite && { lock: { mode: 'pessimistic_write' } }),
  })
  if (!wallet) throw new Error(`There is no wallet ${id}.`)
  return wallet
}

function memoAfter(memo: string, points: number, at: unknown): string {
  const { spend = {} } = JSON.parse(memo) as { spend?: Record<string, number> }
  const month = '2026-01'
  return JSON.stringify({
    lastActiveAt: at,
    spend: { [month]: (spend[month] ?? 0) + points * 100 },
  })
}

function mysqlSource(url: string, poolSize: number): DataSource {
  return new DataSource({
    type: 'mariadb',
    url,
    charset: 'utf8mb4',
    timezone: 'Z',
    poolSize,
    entities: PLAIN_ENTITIES,
  })
}

function sqliteSource(url: string): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    database: url.slice('sqlite://'.length),
    entities: PLAIN_ENTITIES,
    prepareDatabase(connection: SqliteConnection) {
      connection.pragma('journal_mode = WAL')
      connection.pragma('synchronous = FULL')
      connection.pragma('cache_size = -32000')
      connection.pragma('wal_autocheckpoint = 4000')
    },
  })
}

let last: Promise<unknown> = Promise.resolve()

/** All users of TypeORM's SQLite driver share one connection: without a queue their transactions mix. */
function oneAtATimeOnSqlite<T>(work: () => Promise<T>): Promise<T> {
  if (!onSqlite) return work()
  const done = last.then(work)
  last = done.catch(() => {})
  return done
}
