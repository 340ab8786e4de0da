import type { DataSource, EntityManager, QueryRunner } from 'typeorm'
import { type AttemptOptions, attempt, pauseBefore } from './attempt.js'
import type { Database, DatabaseOptions, WriteOptions } from './database.js'
import { isRetryable } from './faults.js'
import { InFlight } from './in-flight.js'
import { connectionOf, forgetRunner, freshRunner, openSqliteSource } from './open-sqlite-source.js'
import { joinWave } from './read-waves.js'
import { pendingMigrations, runMigrations, undoLastMigration } from './run-migrations.js'
import { type SqlConnection, SqliteSqlConnection } from './sql-connection.js'
import { SQLITE_DIALECT } from './sql-dialect.js'
import { StoreConflict } from './store-conflict.js'
import { TransactionGuard } from './transaction-guard.js'
import { Turns } from './turns.js'

/** Longest pause between two looks at a file that another process writes to. */
const MOST_BUSY_PAUSE_MS = 20

export async function openSqliteDatabase(
  path: string,
  options: DatabaseOptions,
): Promise<Database> {
  const { attempts = 8, pause = pauseBefore, logger, lockWaitMs = 30_000 } = options
  const opening = { attempts, pause, logger }
  const writer = await attempt(() => openSqliteSource(path, 'writer', options), opening)
  try {
    const reader = await attempt(() => openSqliteSource(path, 'reader', options), opening)
    return new SqliteDatabase(path, options, writer, reader, opening, lockWaitMs)
  } catch (fault) {
    await writer.destroy()
    throw fault
  }
}

class SqliteDatabase implements Database {
  readonly dialect = 'sqlite'
  readonly sql = SQLITE_DIALECT
  private readonly writes = new Turns(1)
  private readonly inFlight = new InFlight()
  private readonly connections = new WeakMap<EntityManager, SqlConnection>()

  constructor(
    private readonly path: string,
    private readonly options: DatabaseOptions,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    private readonly attempts: AttemptOptions,
    private readonly lockWaitMs: number,
  ) {
    this.connections.set(reader.manager, new SqliteSqlConnection(connectionOf(reader), () => {}))
  }

  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return joinWave(() =>
      this.inFlight.run(() => attempt(() => work(this.reader.manager), this.attempts)),
    )
  }

  write<T>(
    work: (manager: EntityManager) => Promise<T>,
    { attempts = this.attempts.attempts }: WriteOptions = {},
  ): Promise<T> {
    const once = () => this.transact((runner) => work(runner.manager))
    return this.inFlight.run(() => attempt(once, { ...this.attempts, attempts }))
  }

  writeInBulk<T>(
    work: (connection: SqlConnection) => Promise<T>,
    options?: WriteOptions,
  ): Promise<T> {
    return this.write((manager) => work(this.connection(manager)), options)
  }

  snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return joinWave(() =>
      this.inFlight.run(() => attempt(() => this.readAsOfNow(work), this.attempts)),
    )
  }

  connection(manager: EntityManager): SqlConnection {
    const connection = this.connections.get(manager)
    if (!connection) throw new Error('the manager is not one that this database handed out')
    return connection
  }

  migrate(): Promise<readonly string[]> {
    return this.inFlight.run(async () => {
      const ran = await this.changeSchema((runner) => runMigrations(this.writer, runner))
      if (ran.length > 0) this.options.logger?.info({ migrations: ran }, 'the schema was migrated')
      return ran
    })
  }

  undoLastMigration(): Promise<string | undefined> {
    return this.inFlight.run(() =>
      this.changeSchema((runner) => undoLastMigration(this.writer, runner)),
    )
  }

  pendingMigrations(): Promise<readonly string[]> {
    return this.inFlight.run(() => attempt(() => pendingMigrations(this.reader), this.attempts))
  }

  async close(): Promise<void> {
    if (!(await this.inFlight.close())) return
    await this.reader.destroy()
    await this.writer.destroy()
  }

  /** One transaction on the one connection that writes. */
  private async transact<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const leave = await this.writes.take(this.lockWaitMs, () => {
      return new StoreConflict(
        `another write of this process took longer than ${this.lockWaitMs} ms; a write inside a write waits for itself`,
      )
    })
    try {
      await this.begin()
      return await this.finish(work)
    } finally {
      leave()
    }
  }

  /** Another process may be writing: asks again and again, and lets this process go on meanwhile. */
  private async begin(): Promise<void> {
    const deadline = performance.now() + this.lockWaitMs
    for (let pauseMs = 1; ; pauseMs = Math.min(MOST_BUSY_PAUSE_MS, pauseMs * 2)) {
      try {
        connectionOf(this.writer).exec('BEGIN IMMEDIATE')
        return
      } catch (fault) {
        if (!isRetryable(fault)) throw fault
        if (performance.now() >= deadline) {
          throw new StoreConflict(`another process wrote for longer than ${this.lockWaitMs} ms`, {
            cause: fault,
          })
        }
        const waitMs = pauseMs * (0.5 + Math.random())
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
  }

  private async finish<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const connection = connectionOf(this.writer)
    const runner = freshRunner(this.writer)
    // Begun already, and as a writer from the start: TypeORM's own BEGIN would begin as a reader,
    // which cannot become a writer once somebody else has written.
    Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 })
    const guard = new TransactionGuard(runner, () => !connection.inTransaction)
    this.connections.set(
      runner.manager,
      new SqliteSqlConnection(connection, () => {
        guard.assertOpen()
        if (runner.isReleased || !connection.inTransaction) {
          throw new Error('the transaction is over')
        }
      }),
    )
    try {
      const result = await work(runner)
      guard.assertOpen()
      if (!connection.inTransaction) throw new Error('SQLite has rolled back the transaction')
      await runner.commitTransaction()
      return result
    } catch (fault) {
      if (connection.inTransaction) connection.exec('ROLLBACK')
      throw fault
    } finally {
      // A manager that outlives its transaction must not write into somebody else's.
      this.connections.delete(runner.manager)
      await runner.release()
      Object.assign(runner, { isReleased: true })
      forgetRunner(this.writer)
    }
  }

  private async readAsOfNow<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const source = await openSqliteSource(this.path, 'reader', { entities: this.options.entities })
    const connection = connectionOf(source)
    try {
      connection.exec('BEGIN')
      // The moment is that of the first read, not of BEGIN.
      connection.prepare('SELECT count(*) FROM sqlite_schema').get()
      this.connections.set(source.manager, new SqliteSqlConnection(connection, () => {}))
      return await work(source.manager)
    } finally {
      if (connection.inTransaction) connection.exec('ROLLBACK')
      await source.destroy()
    }
  }

  /** SQLite changes a table by making it anew; what refers to it must not go with the old one. */
  private async changeSchema<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const connection = connectionOf(this.writer)
    const leave = await this.writes.take(this.lockWaitMs, () => {
      return new StoreConflict(`another write took longer than ${this.lockWaitMs} ms`)
    })
    try {
      connection.pragma('foreign_keys = OFF')
      await this.begin()
      return await this.finish(async (runner) => {
        const result = await work(runner)
        const orphans = connection.pragma('foreign_key_check') as readonly unknown[]
        if (orphans.length > 0) {
          throw new Error(`a migration leaves ${orphans.length} rows that refer to nothing`)
        }
        return result
      })
    } finally {
      connection.pragma('foreign_keys = ON')
      leave()
    }
  }
}
