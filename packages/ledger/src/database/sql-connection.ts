import type { Database as SqliteConnection, Statement } from 'better-sqlite3'
import type { EntityManager } from 'typeorm'
import { fillStatement, mysqlRows } from './mysql-literal.js'
import { type InsertStatement, insertParts } from './sql-dialect.js'

/** A value of a statement; a list stands for the `?` of an `IN (?)`. */
export type SqlValue = string | number | null
export type SqlParameter = SqlValue | readonly SqlValue[]
export type SqlRow = Readonly<Record<string, unknown>>

/**
 * Statements of our own on the connection behind an entity manager: inside a `write` or `snapshot`
 * that of the transaction, inside a `read` any. Identifiers in them need no quoting or are quoted
 * by the dialect.
 */
export interface SqlConnection {
  readonly dialect: 'sqlite' | 'mysql'
  /** Rows of a `SELECT`. Lists must not be empty, and hold 10,000 values at most. */
  select(sql: string, parameters?: readonly SqlParameter[]): Promise<readonly SqlRow[]>
  /** Number of rows that a statement concerned. */
  run(sql: string, parameters?: readonly SqlParameter[]): Promise<number>
  /** Any number of rows, in as few statements as the server's limits allow. */
  insert(statement: InsertStatement, rows: SqlRows): Promise<void>
  /** One after the other, until one fails; where MySQL is written to in bulk, in as few packets as its
   * limits allow. */
  insertAll(inserts: readonly Insert[]): Promise<void>
}

export type SqlRows = readonly (readonly SqlValue[])[]

export interface Insert {
  readonly statement: InsertStatement
  readonly rows: SqlRows
}

/** Throws unless a list given to a statement is one that every dialect can take. */
function assertList(list: readonly SqlValue[]): void {
  if (list.length === 0 || list.length > 10_000) {
    throw new RangeError(`a list in a statement has 1 to 10,000 values, not ${list.length}`)
  }
}

// ── MySQL ────────────────────────────────────────────────────────────────────────────────────

/** Well below the smallest `max_allowed_packet` in use (16 MB), with every character escaped. */
const MYSQL_CHARACTERS = 1_500_000
const MYSQL_ROWS = 2_000

/** Unlike no list and an empty one, `null` keeps the driver from looking for `?` in a long text. */
const NOTHING_TO_FILL = null as unknown as undefined

export class MysqlSqlConnection implements SqlConnection {
  readonly dialect = 'mysql'

  constructor(
    private readonly manager: EntityManager,
    /** Whether a packet may hold several statements. */
    private readonly bulk = false,
  ) {}

  async select(sql: string, parameters: readonly SqlParameter[] = []) {
    return (await this.query(sql, parameters)) as readonly SqlRow[]
  }

  async run(sql: string, parameters: readonly SqlParameter[] = []) {
    return ((await this.query(sql, parameters)) as { affectedRows: number }).affectedRows
  }

  insert(statement: InsertStatement, rows: SqlRows) {
    return this.sendInserts([{ statement, rows }])
  }

  insertAll(inserts: readonly Insert[]) {
    return this.sendInserts(inserts)
  }

  private async sendInserts(inserts: readonly Insert[]) {
    let packet = ''
    for (const text of insertTexts(inserts)) {
      if (packet !== '' && (!this.bulk || packet.length + text.length > MYSQL_CHARACTERS)) {
        await this.send(packet)
        packet = ''
      }
      packet = packet === '' ? text : `${packet};${text}`
    }
    if (packet !== '') await this.send(packet)
  }

  private query(sql: string, parameters: readonly SqlParameter[]): Promise<unknown> {
    if (this.bulk && sql.includes(';')) throw new Error(`more than one statement: ${sql}`)
    for (const parameter of parameters) {
      if (typeof parameter === 'object' && parameter !== null) assertList(parameter)
    }
    return this.send(fillStatement(sql, parameters))
  }

  private async send(text: string): Promise<unknown> {
    const { queryRunner, dataSource } = this.manager
    if (queryRunner) return queryRunner.query(text, NOTHING_TO_FILL)
    const runner = dataSource.createQueryRunner()
    try {
      return await runner.query(text, NOTHING_TO_FILL)
    } finally {
      await runner.release()
    }
  }
}

function* insertTexts(inserts: readonly Insert[]): Generator<string> {
  for (const { statement, rows } of inserts) {
    const { head, tail } = insertParts('mysql', statement)
    for (const chunk of chunkRows(rows)) yield `${head} ${mysqlRows(chunk)}${tail}`
  }
}

function* chunkRows(rows: SqlRows): Generator<SqlRows> {
  let start = 0
  let characters = 0
  for (let place = 0; place < rows.length; place++) {
    let size = 0
    for (const value of rows[place]!) size += typeof value === 'string' ? value.length + 3 : 18
    if (place > start && (characters + size > MYSQL_CHARACTERS || place - start >= MYSQL_ROWS)) {
      yield rows.slice(start, place)
      start = place
      characters = 0
    }
    characters += size
  }
  if (start < rows.length) yield start === 0 ? rows : rows.slice(start)
}

// ── SQLite ───────────────────────────────────────────────────────────────────────────────────

/** After so many rows the event loop gets a turn: a statement of SQLite never waits, it works. */
const SQLITE_ROWS_A_TURN = 1_000
const SQLITE_STATEMENTS = 200

/** Prepared once a connection: a handful of texts come again and again. */
const prepared = new WeakMap<SqliteConnection, Map<string, Statement>>()

export class SqliteSqlConnection implements SqlConnection {
  readonly dialect = 'sqlite'

  constructor(
    private readonly connection: SqliteConnection,
    /** Throws when the transaction this connection stood in is gone. */
    private readonly assertOpen: () => void,
  ) {}

  async select(sql: string, parameters: readonly SqlParameter[] = []) {
    const [text, values] = expandLists(sql, parameters)
    return this.execute(text, (statement) => statement.all(...values) as readonly SqlRow[])
  }

  async run(sql: string, parameters: readonly SqlParameter[] = []) {
    const [text, values] = expandLists(sql, parameters)
    return this.execute(text, (statement) => statement.run(...values).changes)
  }

  async insertAll(inserts: readonly Insert[]) {
    for (const { statement, rows } of inserts) await this.insert(statement, rows)
  }

  async insert(statement: InsertStatement, rows: SqlRows) {
    const { head, tail } = insertParts('sqlite', statement)
    const text = `${head} (${statement.columns.map(() => '?').join(', ')})${tail}`
    for (let start = 0; start < rows.length; start += SQLITE_ROWS_A_TURN) {
      if (start > 0) await new Promise((resolve) => setImmediate(resolve))
      const end = Math.min(rows.length, start + SQLITE_ROWS_A_TURN)
      this.execute(text, (insert) => {
        for (let place = start; place < end; place++) insert.run(rows[place] as SqlValue[])
      })
    }
  }

  private execute<T>(text: string, work: (statement: Statement) => T): T {
    this.assertOpen()
    return work(prepare(this.connection, text))
  }
}

function prepare(connection: SqliteConnection, text: string): Statement {
  let statements = prepared.get(connection)
  if (!statements) {
    statements = new Map()
    prepared.set(connection, statements)
  }
  let statement = statements.get(text)
  if (!statement) {
    statement = connection.prepare(text)
    if (statements.size >= SQLITE_STATEMENTS) {
      statements.delete(statements.keys().next().value as string)
    }
    statements.set(text, statement)
  }
  return statement
}

/** Writes each list out as so many `?`, rounded up to a power of two by repeating the last value,
 * so that few different texts need preparing. */
function expandLists(
  sql: string,
  parameters: readonly SqlParameter[],
): readonly [text: string, values: readonly SqlValue[]] {
  if (!parameters.some((parameter) => Array.isArray(parameter))) {
    return [sql, parameters as readonly SqlValue[]]
  }
  const values: SqlValue[] = []
  const pieces = sql.split('?')
  let text = pieces[0]!
  parameters.forEach((parameter, place) => {
    if (typeof parameter === 'object' && parameter !== null) {
      assertList(parameter)
      const size = 2 ** Math.ceil(Math.log2(parameter.length))
      values.push(...parameter)
      for (let n = parameter.length; n < size; n++) values.push(parameter.at(-1)!)
      text += `${'?,'.repeat(size - 1)}?`
    } else {
      values.push(parameter)
      text += '?'
    }
    text += pieces[place + 1]!
  })
  return [text, values]
}
