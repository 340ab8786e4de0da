import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { type DatabaseOptions, openDatabase } from '@pointwell/ledger'
import SqliteFile from 'better-sqlite3'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { freshUrl, type StoreName } from './databases.js'

type Migrations = NonNullable<DatabaseOptions['migrations']>
/** Fills an empty database with the tables of its migrations. */
type Fill = (url: string) => Promise<void>

const templates = new Map<string, Promise<Fill>>()
const numbers = new WeakMap<Migrations[number], number>()
let lastNumber = 0

/**
 * The address of a fresh database with all that these migrations make. They run once in a process; what
 * came of them is copied from then on, which takes a tenth of the time. Each copy has an identity of its
 * own. `freshUrl` is for who wants to see migrations run.
 */
export async function migratedUrl(
  store: Exclude<StoreName, 'memory'>,
  migrations: Migrations,
): Promise<string> {
  const key = `${store} ${migrations.map(numberOf).join(' ')}`
  let template = templates.get(key)
  if (!template) {
    template = makeTemplate(store, migrations)
    templates.set(key, template)
    template.catch(() => templates.delete(key))
  }
  const [fill, url] = await Promise.all([template, freshUrl(store)])
  await fill(url)
  return url
}

/** Two tests may call different migrations by the same name. */
function numberOf(migration: Migrations[number]): number {
  const number = numbers.get(migration) ?? ++lastNumber
  numbers.set(migration, number)
  return number
}

async function makeTemplate(
  store: Exclude<StoreName, 'memory'>,
  migrations: Migrations,
): Promise<Fill> {
  const url = await freshUrl(store)
  const database = await openDatabase({ url, migrations, durable: false })
  try {
    await database.migrate()
  } finally {
    // SQLite puts all it wrote into the one file when its last connection is closed.
    await database.close()
  }
  return store === 'sqlite' ? copyOfFile(url) : copyOfTables(url)
}

async function copyOfFile(url: string): Promise<Fill> {
  const path = (of: string) => of.slice('sqlite://'.length)
  const file = await readFile(path(url))
  return async (to) => {
    await writeFile(path(to), file)
    const copy = new SqliteFile(path(to))
    try {
      copy.pragma('synchronous = OFF')
      const identity = copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'programme_identity'")
      if (identity.get()) copy.prepare('UPDATE programme_identity SET id = ?').run(randomUUID())
    } finally {
      copy.close()
    }
  }
}

async function copyOfTables(url: string): Promise<Fill> {
  const statements = await onMysql(url, async (connection) => {
    const [[charset]] = await connection.query<RowDataPacket[]>(
      'SELECT DEFAULT_COLLATION_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()',
    )
    const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES')
    const names = tables.map((row) => String(Object.values(row)[0]))
    const all = [`ALTER DATABASE COLLATE ${charset!.name}`, 'SET foreign_key_checks = 0']
    for (const name of names) {
      const [[made]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE ??', [name])
      all.push(made!['Create Table'])
      const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM ??', [name])
      if (rows.length === 0) continue
      const values = rows.map((row) => Object.values(row))
      all.push(
        connection.format('INSERT INTO ?? (??) VALUES ?', [name, Object.keys(rows[0]!), values]),
      )
    }
    if (names.includes('programme_identity')) all.push('UPDATE programme_identity SET id = UUID()')
    return all.join(';\n')
  })
  return (to) => onMysql(to, (connection) => connection.query(statements)).then(() => {})
}

async function onMysql<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({
    uri: url,
    multipleStatements: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  })
  try {
    return await work(connection)
  } finally {
    await connection.end()
  }
}
