import type { DataSource } from 'typeorm'

/** A table as a database has it. */
export interface TableInDatabase {
  readonly name: string
  readonly columns: readonly string[]
}

/** TypeORM's own book-keeping. */
const BOOKS = new Set(['migrations', 'typeorm_metadata'])

/** The tables that migrations made. */
export async function tablesIn(source: DataSource): Promise<TableInDatabase[]> {
  const rows: { name: string }[] = await source.query(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )
  const tables: TableInDatabase[] = []
  for (const { name } of rows) {
    if (BOOKS.has(name)) continue
    const columns: { name: string }[] = await source.query(
      'SELECT name FROM pragma_table_info(?)',
      [name],
    )
    tables.push({ name, columns: columns.map((it) => it.name) })
  }
  return tables
}
