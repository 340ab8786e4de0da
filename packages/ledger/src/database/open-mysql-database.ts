import { createHash } from 'node:crypto'
import mysql from 'mysql2'
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm'
import type { MysqlDataSourceOptions } from 'typeorm/driver/mysql/MysqlDataSourceOptions.js'
import { type AttemptOptions, attempt, pauseBefore } from './attempt.js'
import { countInNumbers } from './count-in-numbers.js'
import type { Database, DatabaseOptions, WriteOptions } from './database.js'
import { isLostConnection, isRetryable } from './faults.js'
import { InFlight } from './in-flight.js'
import type { MysqlAddress } from './parse-database-url.js'
import { QUIET_LOGGER } from './quiet-logger.js'
import { joinWave } from './read-waves.js'
import {
  MIGRATIONS_TABLE,
  pendingMigrations,
  runMigrations,
  undoLastMigration,
} from './run-migrations.js'
import { MysqlSqlConnection, type SqlConnection } from './sql-connection.js'
import { MYSQL_DIALECT } from './sql-dialect.js'
import { CommitUnknown, StoreConflict } from './store-conflict.js'
import { TransactionGuard } from './transaction-guard.js'
import { Turns } from './turns.js'

/** How long a server that starts waits for another one that changes the schema. */
const MIGRATION_WAIT_S = 300

/** How long a write or a snapshot waits for one of its connections. */
const TURN_WAIT_MS = 30_000

/** A connection that nobody uses and somebody between has dropped is found out within minutes. */
const KEEP_ALIVE = { enableKeepAlive: true, keepAliveInitialDelay: 10_000 }

/** Text is compared as it is written, byte by byte, the same as in SQLite. */
const COLLATION = 'utf8mb4_bin'

export async function openMysqlDatabase(
  address: MysqlAddress,
  options: DatabaseOptions,
): Promise<Database> {
  const { attempts = 8, pause = pauseBefore, logger, lockWaitMs = 10_000 } = options
  const poolSize = options.poolSize ?? 16
  if (poolSize < 4) {
    throw new RangeError('a pool needs 4 connections: to write, write in bulk, read and snapshot')
  }
  const places = shareOut(poolSize)
  const open = sourceOpener(address, {
    driver: withSession(lockWaitMs),
    type: (await askWhetherMariadb(address)) ? 'mariadb' : 'mysql',
  })
  const source = await open({
    poolSize: poolSize - places.bulkWrites,
    entities: [...(options.entities ?? [])],
    migrations: [...(options.migrations ?? [])],
    migrationsTableName: MIGRATIONS_TABLE,
  })
  try {
    const bulk = await open({
      poolSize: places.bulkWrites,
      extra: { ...KEEP_ALIVE, multipleStatements: true },
    })
    return new MysqlDatabase(
      address,
      options,
      { source, bulk, places },
      { attempts, pause, logger },
    )
  } catch (fault) {
    await source.destroy()
    throw fault
  }
}

/** Opens pools to the same address that differ in little. */
function sourceOpener(
  { host, port, user, password, database, tls }: MysqlAddress,
  given: { readonly driver: unknown; readonly type: 'mysql' | 'mariadb' },
): (special: Partial<MysqlDataSourceOptions>) => Promise<DataSource> {
  return async (special) => {
    const source = new DataSource({
      ...given,
      host,
      port,
      username: user,
      password,
      database,
      ...(tls ? { ssl: {} } : {}),
      charset: 'utf8mb4',
      timezone: 'Z',
      // Whose statement it was stands in the fault; a stack for each, just in case, costs too much.
      trace: false,
      // Whole numbers up to 2^53−1 as numbers; a larger one comes as a string, and is refused.
      supportBigNumbers: true,
      bigNumberStrings: false,
      logger: QUIET_LOGGER,
      extra: KEEP_ALIVE,
      ...special,
    } as MysqlDataSourceOptions)
    await source.initialize()
    countInNumbers(source)
    return source
  }
}

/** How many connections there are for what; the rest is for reads. */
interface Places {
  readonly writes: number
  readonly bulkWrites: number
  readonly snapshots: number
}

/** As many bulk writes as a ledger has lanes, where there are enough. */
function shareOut(poolSize: number): Places {
  const bulkWrites = Math.min(4, Math.floor((poolSize - 2) / 2))
  const reads = Math.floor(poolSize / 4)
  const snapshots = Math.max(1, Math.floor(poolSize / 8))
  return { writes: poolSize - bulkWrites - reads - snapshots, bulkWrites, snapshots }
}

interface Parts {
  readonly source: DataSource
  readonly bulk: DataSource
  readonly places: Places
}

/** Where a kind of work gets its connections, and who may have one next. */
interface Gate {
  readonly source: DataSource
  readonly turns: Turns
}

class MysqlDatabase implements Database {
  readonly dialect = 'mysql'
  readonly sql = MYSQL_DIALECT
  private readonly inFlight = new InFlight()
  /**
   * Writes and snapshots keep a connection while their work runs, and that work may read: if they
   * could take all connections, each would wait for a read that waits for one of them.
   */
  private readonly writes: Gate
  private readonly bulkWrites: Gate
  private readonly snapshots: Gate
  private readonly source: DataSource

  constructor(
    private readonly address: MysqlAddress,
    private readonly options: DatabaseOptions,
    { source, bulk, places }: Parts,
    private readonly attempts: AttemptOptions,
  ) {
    this.source = source
    this.writes = { source, turns: new Turns(places.writes) }
    this.bulkWrites = { source: bulk, turns: new Turns(places.bulkWrites) }
    this.snapshots = { source, turns: new Turns(places.snapshots) }
  }

  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return joinWave(() =>
      this.inFlight.run(() => attempt(() => work(this.source.manager), this.attempts)),
    )
  }

  write<T>(work: (manager: EntityManager) => Promise<T>, options?: WriteOptions): Promise<T> {
    return this.writeThrough(this.writes, work, options)
  }

  writeInBulk<T>(
    work: (connection: SqlConnection) => Promise<T>,
    options?: WriteOptions,
  ): Promise<T> {
    const bulk = (manager: EntityManager) => work(new MysqlSqlConnection(manager, true))
    return this.writeThrough(this.bulkWrites, bulk, options)
  }

  snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const once = () =>
      this.withRunner(this.snapshots, async (runner) => {
        await runner.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
        await runner.query('START TRANSACTION WITH CONSISTENT SNAPSHOT')
        Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 })
        const result = await work(runner.manager)
        // Nothing was written; this only lets go of the moment.
        await runner.rollbackTransaction()
        return result
      })
    return joinWave(() => this.inFlight.run(() => attempt(once, this.attempts)))
  }

  connection(manager: EntityManager): SqlConnection {
    if (manager.dataSource !== this.source) {
      throw new Error('the manager is not one that this database handed out')
    }
    return new MysqlSqlConnection(manager)
  }

  migrate(): Promise<readonly string[]> {
    return this.inFlight.run(() =>
      this.changeSchema(async (runner) => {
        const pending = await pendingMigrations(this.source, runner)
        if (pending.length === 0) return []
        await this.compareTextByByte(runner)
        const ran = await runMigrations(this.source, runner)
        this.options.logger?.info({ migrations: ran }, 'the schema was migrated')
        return ran
      }),
    )
  }

  undoLastMigration(): Promise<string | undefined> {
    return this.inFlight.run(() =>
      this.changeSchema((runner) => undoLastMigration(this.source, runner)),
    )
  }

  pendingMigrations(): Promise<readonly string[]> {
    return this.inFlight.run(() => attempt(() => pendingMigrations(this.source), this.attempts))
  }

  async close(): Promise<void> {
    if (!(await this.inFlight.close())) return
    const closed = await Promise.allSettled([
      this.bulkWrites.source.destroy(),
      this.source.destroy(),
    ])
    for (const it of closed) if (it.status === 'rejected') throw it.reason
  }

  private writeThrough<T>(
    gate: Gate,
    work: (manager: EntityManager) => Promise<T>,
    { attempts = this.attempts.attempts }: WriteOptions = {},
  ): Promise<T> {
    const once = () => this.withRunner(gate, (runner) => transact(runner, work))
    return this.inFlight.run(() => attempt(once, { ...this.attempts, attempts }))
  }

  /** A connection of its own, which goes back to the pool only when it is clean. */
  private async withRunner<T>(
    { source, turns }: Gate,
    work: (runner: QueryRunner) => Promise<T>,
  ): Promise<T> {
    const leave = await turns.take(TURN_WAIT_MS, () => {
      return new StoreConflict(`no connection was free within ${TURN_WAIT_MS} ms`)
    })
    try {
      return await onRunner(source, work)
    } finally {
      leave()
    }
  }

  /** MySQL cannot roll a changed schema back, so one server at a time changes it. */
  private changeSchema<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    return this.withRunner(this.writes, async (runner) => {
      const name = `pointwell/${createHash('sha256').update(this.address.database).digest('hex').slice(0, 32)}`
      const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS got', [
        name,
        MIGRATION_WAIT_S,
      ])) as { got: number | null }[]
      if (row?.got !== 1) {
        throw new Error(`another server changed the schema for longer than ${MIGRATION_WAIT_S} s`)
      }
      try {
        return await work(runner)
      } finally {
        const connection = (await runner.connect()) as mysql.PoolConnection
        await orDestroy(connection, 'SELECT RELEASE_LOCK(?)', [name])
      }
    })
  }

  /** Tables made from here on compare text byte by byte, also those of plugins that say nothing. */
  private async compareTextByByte(runner: QueryRunner): Promise<void> {
    const [row] = (await runner.query(
      'SELECT DEFAULT_COLLATION_NAME AS collation_name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()',
    )) as { collation_name: string }[]
    if (row?.collation_name === COLLATION) return
    const database = this.sql.quote(this.address.database)
    const statement = `ALTER DATABASE ${database} CHARACTER SET utf8mb4 COLLATE ${COLLATION}`
    try {
      await runner.query(statement)
    } catch (cause) {
      throw new Error(
        `the database must compare text byte by byte; let its owner run: ${statement}`,
        {
          cause,
        },
      )
    }
  }
}

async function onRunner<T>(
  source: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner()
  const connection = (await runner.connect()) as mysql.PoolConnection
  try {
    return await work(runner)
  } catch (fault) {
    if (runner.isTransactionActive) await orDestroy(connection, 'ROLLBACK')
    throw fault
  } finally {
    await runner.release()
  }
}

async function transact<T>(
  runner: QueryRunner,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  await runner.startTransaction()
  // InnoDB rolls the whole transaction back on a deadlock, and not on a lock that took too long;
  // neither may go on.
  const guard = new TransactionGuard(runner, isRetryable)
  const result = await work(runner.manager)
  guard.assertOpen()
  try {
    await runner.commitTransaction()
  } catch (fault) {
    if (!isLostConnection(fault)) throw fault
    throw new CommitUnknown('the connection was lost while the commit was on its way', {
      cause: fault,
    })
  }
  return result
}

/** What must be done before others may have the connection; when it cannot be, nobody gets it. */
async function orDestroy(
  connection: mysql.PoolConnection,
  statement: string,
  parameters: readonly string[] = [],
): Promise<void> {
  try {
    await connection.promise().query(statement, [...parameters])
  } catch {
    connection.destroy()
  }
}

/** The driver, with every new connection of its pools told how this house wants to be served. */
function withSession(lockWaitMs: number): unknown {
  const session = [
    // What we write into statements is UTF-8, whatever a server makes of the handshake: read as another
    // encoding, half a character could take a quotation mark with it.
    'SET NAMES utf8mb4',
    // Each statement sees what is committed: after a lock was waited for, what it guards.
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    // Strict, and with the backslash as the driver escapes it, whatever the server's own setting.
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', " +
      `innodb_lock_wait_timeout = ${Math.max(1, Math.ceil(lockWaitMs / 1000))}`,
  ]
  return {
    ...mysql,
    createPool(config: mysql.PoolOptions) {
      const pool = mysql.createPool(config)
      pool.on('connection', (connection) => {
        // Statements of a connection go out in order, so these are the first.
        for (const statement of session) {
          connection.query(statement, (fault) => {
            if (fault) connection.destroy()
          })
        }
      })
      return pool
    },
  }
}

/** They answer the same questions about a schema differently, so TypeORM wants to know. */
async function askWhetherMariadb(address: MysqlAddress): Promise<boolean> {
  const connection = mysql
    .createConnection({
      host: address.host,
      port: address.port,
      user: address.user,
      password: address.password,
      database: address.database,
      ...(address.tls ? { ssl: {} } : {}),
    })
    .promise()
  // A connection that dies while idle says so as an event, which nobody else listens to.
  connection.on('error', () => {})
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version')
    return /mariadb/i.test((rows as { version: string }[])[0]!.version)
  } finally {
    // Not a polite end: where the server has turned us away, mysql2 waits for ever to say goodbye.
    connection.destroy()
  }
}
