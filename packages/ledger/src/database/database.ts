import type { EntityManager, EntitySchema, MigrationInterface } from 'typeorm'
import type { SqlConnection } from './sql-connection.js'

export type Dialect = 'sqlite' | 'mysql'

/** What a class is, for lists of entities. */
// biome-ignore lint/complexity/noBannedTypes: TypeORM takes classes as Function
type Class = Function

/** Where a database says what it met; pino's loggers fit. */
export interface DatabaseLogger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

export interface DatabaseOptions {
  /** `sqlite:///absolute/path.db`, `sqlite://relative/path.db`, `mysql://user:password@host/name`. */
  readonly url: string
  readonly entities?: readonly (Class | EntitySchema)[]
  /** Run in the order of the numbers at the end of their names. */
  readonly migrations?: readonly (new () => MigrationInterface)[]
  readonly logger?: DatabaseLogger
  /** Most connections to MySQL, 4 at least; default 16. A quarter is kept for reads, an eighth for
   * snapshots, and 4 for bulk writes (fewer than that below 10); the rest is for other writes. */
  readonly poolSize?: number
  /** SQLite: whether a commit waits for the disk (default) or only for the operating system. */
  readonly durable?: boolean
  /** Most attempts of one `read` or `write`; default 8. */
  readonly attempts?: number
  /** Waits before attempt n (from 2); default a growing random pause of up to 200 ms. */
  readonly pause?: (attempt: number) => Promise<void>
  /** How long to wait for another writer: SQLite's one writer, and row locks of MySQL. */
  readonly lockWaitMs?: number
}

/** Statements that differ between the dialects, for who writes SQL of its own. */
export interface SqlDialect {
  readonly name: Dialect
  quote(name: string): string
  /** `INSERT` of one row with `?` for each column; a row with the same `key` gets the new values
   * of `update` (default: all columns that are not of the key). */
  upsert(statement: {
    readonly table: string
    readonly columns: readonly string[]
    readonly key: readonly string[]
    readonly update?: readonly string[]
  }): string
  /** `INSERT` of one row with `?` for each column; a row with the same `key` stays as it is. */
  insertIgnore(statement: {
    readonly table: string
    readonly columns: readonly string[]
    readonly key: readonly string[]
  }): string
  isDuplicateKey(fault: unknown): boolean
  /** Whether the same work may go through in a fresh transaction. */
  isRetryable(fault: unknown): boolean
}

export interface WriteOptions {
  readonly attempts?: number
}

/**
 * One database behind a gate for reads and a gate for writes, the same on both dialects.
 *
 * SQLite has one writer at a time: they take turns in the order in which they came, and a `write`
 * inside a `write` waits for itself until `lockWaitMs` is over. A `read` or `snapshot` may stand
 * inside a `write`, and sees what is committed.
 */
export interface Database {
  readonly dialect: Dialect
  readonly sql: SqlDialect
  /** Reads outside any transaction; opens none of its own. Runs again when the connection was lost
   * or the file busy, so it has no other effects. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>
  /** One transaction. Runs again, a bounded number of times, after a deadlock, a lost connection or
   * a busy file, so `work` has no other effects; `StoreConflict` when that did not help. */
  write<T>(work: (manager: EntityManager) => Promise<T>, options?: WriteOptions): Promise<T>
  /**
   * A write whose inserts leave together (`insertAll`). On MySQL its connection takes several statements
   * in one packet, so it is only for statements whose every value `SqlConnection` fills in: everywhere
   * else a hole in somebody's SQL shall not become a statement more.
   */
  writeInBulk<T>(
    work: (connection: SqlConnection) => Promise<T>,
    options?: WriteOptions,
  ): Promise<T>
  /** Everything that `work` reads is as of one moment; it must not write. */
  snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>
  /** For statements of our own on the very connection that a manager of this database stands on. */
  connection(manager: EntityManager): SqlConnection
  /** Brings the schema up to date and answers with the names of the migrations that ran. Servers
   * that start together wait for each other. */
  migrate(): Promise<readonly string[]>
  /** Takes back the newest migration; undefined when there is none. */
  undoLastMigration(): Promise<string | undefined>
  pendingMigrations(): Promise<readonly string[]>
  /** Takes nothing new, finishes what runs, and lets go. */
  close(): Promise<void>
}
