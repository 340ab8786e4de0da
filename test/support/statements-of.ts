import type { Database, SqlConnection } from '@pointwell/ledger'

export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Every statement that `work` sends to the database, of the ledger's tables and the programme's. */
export async function statementsOf(
  server: { database: Database },
  work: () => Promise<void>,
): Promise<string[]> {
  return (await watchStatements(server, work)).map(({ sql }) => sql)
}

/** The same with what they ask for; of inserts without. */
export async function watchStatements(
  { database }: { database: Database },
  work: () => Promise<void>,
): Promise<Statement[]> {
  const statements: Statement[] = []
  const { connection } = database
  const counted: Database['connection'] = (manager) => {
    const real = connection.call(database, manager)
    return {
      dialect: real.dialect,
      select: (sql, parameters = []) => {
        statements.push({ sql, parameters })
        return real.select(sql, parameters)
      },
      run: (sql, parameters = []) => {
        statements.push({ sql, parameters })
        return real.run(sql, parameters)
      },
      insert: (statement, rows) => {
        statements.push({ sql: `INSERT INTO ${statement.table}`, parameters: [] })
        return real.insert(statement, rows)
      },
      insertAll: (inserts) => {
        for (const { statement } of inserts) {
          statements.push({ sql: `INSERT INTO ${statement.table}`, parameters: [] })
        }
        return real.insertAll(inserts)
      },
    } satisfies SqlConnection
  }
  Object.defineProperty(database, 'connection', { value: counted, configurable: true })
  try {
    await work()
  } finally {
    Object.defineProperty(database, 'connection', { value: connection, configurable: true })
  }
  return statements
}

/** Which tables each of them was about; in what order does not matter. */
export function tablesOf(statements: readonly string[]): string[] {
  return statements
    .map((sql) => /(?:FROM|INTO|UPDATE)\s+\(?(?:SELECT .*? FROM )?(\w+)/i.exec(sql)?.[1] ?? sql)
    .toSorted()
}
