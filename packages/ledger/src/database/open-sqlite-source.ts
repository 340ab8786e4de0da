import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Database as SqliteConnection } from 'better-sqlite3'
import { DataSource, type QueryRunner, type TableColumn } from 'typeorm'
import { countInNumbers } from './count-in-numbers.js'
import type { DatabaseOptions } from './database.js'
import { QUIET_LOGGER } from './quiet-logger.js'
import { MIGRATIONS_TABLE } from './run-migrations.js'

/** What a connection is for. A reader cannot write, so nobody's stray write is lost or half done. */
export type SqliteRole = 'writer' | 'reader'

/** From how many pages on the log is moved into the file: 16 MB. A batch changes pages all over the file,
 * and the next one the same again; the rarer they are moved, the fewer times each. But whoever commits
 * moves all of them, and nothing else happens meanwhile. */
const WAL_PAGES = 4_000

interface SqliteDriver {
  databaseConnection: SqliteConnection
  queryRunner?: QueryRunner
  supportedDataTypes: string[]
  normalizeType(column: ColumnLike): string
  createFullType(column: TableColumn): string
}
interface ColumnLike {
  readonly type?: unknown
  readonly isGenerated?: boolean
  readonly generationStrategy?: string
}

/**
 * Opens one connection to the file as a data source of its own. TypeORM gives all users of a SQLite
 * data source one query runner, so whoever needs a transaction needs a source.
 */
export async function openSqliteSource(
  path: string,
  role: SqliteRole,
  options: Pick<DatabaseOptions, 'entities' | 'migrations' | 'durable'>,
): Promise<DataSource> {
  await mkdir(dirname(path), { recursive: true })
  const source = new DataSource({
    type: 'better-sqlite3',
    database: path,
    entities: [...(options.entities ?? [])],
    migrations: [...(options.migrations ?? [])],
    migrationsTableName: MIGRATIONS_TABLE,
    logger: QUIET_LOGGER,
    // SQLite's own waiting stops the whole process; ours is outside, and lets others run.
    timeout: 0,
    prepareDatabase: (connection: SqliteConnection) => {
      if (role === 'writer') {
        connection.pragma('journal_mode = WAL')
        connection.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
      }
      connection.pragma(`synchronous = ${(options.durable ?? true) ? 'FULL' : 'NORMAL'}`)
      connection.pragma('cache_size = -32000')
      connection.pragma('temp_store = MEMORY')
      if (role === 'reader') connection.pragma('query_only = ON')
    },
  })
  teachTypes(driverOf(source))
  await source.initialize()
  countInNumbers(source)
  return source
}

/** The connection itself. */
export function connectionOf(source: DataSource): SqliteConnection {
  return driverOf(source).databaseConnection
}

/** A runner nobody used before: what an earlier transaction left behind is not in it. */
export function freshRunner(source: DataSource): QueryRunner {
  forgetRunner(source)
  return source.createQueryRunner()
}

/** Makes the next runner of the source a new one. */
export function forgetRunner(source: DataSource): void {
  driverOf(source).queryRunner = undefined
}

/** Makes what an entity or migration says for MySQL true here too, so that it is said once: SQLite
 * holds any text in any text column, and numbers rows by an `integer` and nothing else. */
function teachTypes(driver: SqliteDriver): void {
  driver.supportedDataTypes.push('mediumtext', 'longtext')
  const { normalizeType, createFullType } = driver
  driver.normalizeType = (column) =>
    isCounted(column) ? 'integer' : normalizeType.call(driver, column)
  // For TypeORM an entity's `int` is an `integer` here, and a migration's is not.
  driver.createFullType = (column) =>
    isCounted(column) || column.type === 'int' ? 'integer' : createFullType.call(driver, column)
}

function isCounted({ type, isGenerated, generationStrategy }: ColumnLike): boolean {
  return type === 'bigint' && isGenerated === true && generationStrategy === 'increment'
}

function driverOf(source: DataSource): SqliteDriver {
  return source.driver as unknown as SqliteDriver
}
