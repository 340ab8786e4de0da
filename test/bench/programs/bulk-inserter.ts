import { readFile } from 'node:fs/promises'
import { deserialize } from 'node:v8'
import Sqlite from 'better-sqlite3'
import { type Connection, createConnection } from 'mysql2/promise'
import type { WrittenBatch, WrittenRows } from '../posting/record-writes.js'
import { serveProgram } from '../process/serve-program.js'

/**
 * What somebody writes by hand who wants rows in tables and nothing else: the very rows that the
 * ledger wrote, in the same transactions, with no reads, no decisions and no hashes.
 */
interface Writer {
  write(batches: readonly WrittenBatch[]): Promise<void>
  close(): Promise<void>
}

const CONNECTIONS = 4

let writer: Writer
let batches: WrittenBatch[] = []

serveProgram({
  async open({ url }: { url: string }) {
    writer = url.startsWith('sqlite:') ? openSqlite(url) : await openMysql(url)
  },
  async prepare(file: string) {
    batches = []
    globalThis.gc?.()
    batches = deserialize(await readFile(file)) as WrittenBatch[]
    globalThis.gc?.()
  },
  /** Postings a second. */
  async run(): Promise<number> {
    const postings = batches.reduce((sum, batch) => sum + rowsOf(batch, 'ledger_transaction'), 0)
    const startedAt = performance.now()
    await writer.write(batches)
    return (postings * 1_000) / (performance.now() - startedAt)
  },
  close: () => writer.close(),
})

function rowsOf(batch: WrittenBatch, table: string): number {
  return batch.find((written) => written.table === table)?.rows.length ?? 0
}

async function openMysql(uri: string): Promise<Writer> {
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => createConnection({ uri, charset: 'utf8mb4' })),
  )
  return {
    async write(all) {
      // A wallet's rows keep to one connection, in order, as they keep to one lane of the ledger.
      const shares = connections.map((_, place) =>
        all.filter((batch) => Number(batch[0]!.rows[0]![0]) % CONNECTIONS === place),
      )
      await Promise.all(
        connections.map(async (connection, place) => {
          for (const batch of shares[place]!) await writeBatch(connection, batch)
        }),
      )
    },
    async close() {
      for (const connection of connections) await connection.end()
    },
  }
}

async function writeBatch(connection: Connection, batch: WrittenBatch): Promise<void> {
  // A packet for all of it, as the ledger sends it, was tried: this program is slower by a third with
  // it, because its rows lie ready in memory and long texts call the garbage collector to them.
  await connection.query('START TRANSACTION')
  for (const written of batch) {
    await connection.query(
      `INSERT INTO ${written.table} (${names(written, '`')}) VALUES ?${
        written.table === 'ledger_wallet'
          ? ` ON DUPLICATE KEY UPDATE ${changes(written, (name) => `VALUES(${name})`, '`')}`
          : ''
      }`,
      [written.rows],
    )
  }
  await connection.query('COMMIT')
}

function openSqlite(url: string): Writer {
  const database = new Sqlite(url.slice('sqlite://'.length))
  // The same promises that the product's own connection makes, and the same room for the log.
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('cache_size = -32000')
  database.pragma('temp_store = MEMORY')
  database.pragma('wal_autocheckpoint = 4000')
  const prepared = new Map<string, Sqlite.Statement>()
  const statementFor = (written: WrittenRows): Sqlite.Statement => {
    const known = prepared.get(written.table)
    if (known) return known
    const places = written.columns.map(() => '?').join(', ')
    const conflict =
      written.table === 'ledger_wallet'
        ? ` ON CONFLICT (id) DO UPDATE SET ${changes(written, (name) => `excluded.${name}`, '"')}`
        : ''
    const statement = database.prepare(
      `INSERT INTO ${written.table} (${names(written, '"')}) VALUES (${places})${conflict}`,
    )
    prepared.set(written.table, statement)
    return statement
  }
  const writeOne = database.transaction((batch: WrittenBatch) => {
    for (const written of batch) {
      const statement = statementFor(written)
      for (const row of written.rows) statement.run(row)
    }
  })
  return {
    async write(all) {
      for (const batch of all) writeOne.immediate(batch)
    },
    async close() {
      database.close()
    },
  }
}

function names({ columns }: WrittenRows, mark: string): string {
  return columns.map((name) => `${mark}${name}${mark}`).join(', ')
}

function changes(
  { columns }: WrittenRows,
  newValue: (name: string) => string,
  mark: string,
): string {
  return columns
    .filter((name) => name !== 'id')
    .map((name) => `${mark}${name}${mark} = ${newValue(`${mark}${name}${mark}`)}`)
    .join(', ')
}
