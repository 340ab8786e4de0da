import type { Database, SqlConnection } from '@pointwell/ledger'

type InsertAll = SqlConnection['insertAll']
type Insert = Parameters<InsertAll>[0][number]

/** One bulk statement of a transaction: these rows into this table. */
export interface WrittenRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: Insert['rows']
}

/** What one transaction wrote, in the order in which it did. */
export type WrittenBatch = readonly WrittenRows[]

/** The same database, and `batches` gets what each committed transaction inserted, value by value. */
export function recordWrites(database: Database, batches: WrittenBatch[]): Database {
  return Object.create(database, {
    write: {
      value: async (work: Parameters<Database['write']>[0], options?: object) => {
        let batch: WrittenRows[] = []
        const done = await database.write((manager) => {
          batch = []
          written.set(manager, batch)
          return work(manager)
        }, options)
        if (batch.length > 0) batches.push(batch)
        return done
      },
    },
    connection: {
      value: (manager: Parameters<Database['connection']>[0]) => {
        const connection = database.connection(manager)
        return Object.create(connection, {
          insertAll: {
            value: async (inserts: Parameters<InsertAll>[0]) => {
              await connection.insertAll(inserts)
              for (const { statement, rows } of inserts) {
                const { table, columns } = statement
                written.get(manager)?.push({ table, columns, rows })
              }
            },
          },
        })
      },
    },
  })
}

const written = new WeakMap<object, WrittenRows[]>()
