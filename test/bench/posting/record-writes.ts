import type { Database, SqlConnection } from '@pointwell/ledger'

type Insert = Parameters<SqlConnection['insertAll']>[0][number]

/** One bulk statement of a transaction: these rows into this table. */
export interface WrittenRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: Insert['rows']
}

/** What one transaction wrote, in the order in which it did. */
export type WrittenBatch = readonly WrittenRows[]

/** The same database, and `batches` gets what each committed batch inserted, value by value. */
export function recordWrites(database: Database, batches: WrittenBatch[]): Database {
  return Object.create(database, {
    writeInBulk: {
      value: async (work: Parameters<Database['writeInBulk']>[0], options?: object) => {
        let batch: WrittenRows[] = []
        const done = await database.writeInBulk((connection) => {
          batch = []
          return work(recordInserts(connection, batch))
        }, options)
        if (batch.length > 0) batches.push(batch)
        return done
      },
    },
  })
}

function recordInserts(connection: SqlConnection, batch: WrittenRows[]): SqlConnection {
  const note = ({ statement: { table, columns }, rows }: Insert) =>
    batch.push({ table, columns, rows })
  return Object.create(connection, {
    insert: {
      value: async (statement: Insert['statement'], rows: Insert['rows']) => {
        await connection.insert(statement, rows)
        note({ statement, rows })
      },
    },
    insertAll: {
      value: async (inserts: readonly Insert[]) => {
        await connection.insertAll(inserts)
        for (const insert of inserts) note(insert)
      },
    },
  })
}
