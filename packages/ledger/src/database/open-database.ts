import type { Database, DatabaseOptions } from './database.js'
import { openSqliteDatabase } from './open-sqlite-database.js'
import { parseDatabaseUrl } from './parse-database-url.js'

/**
 * Opens a database; a SQLite file is made when it is not there, a MySQL database must be there. The
 * schema stays as it is until `migrate` is called. Throws `DatabaseUrlInvalid` for a bad address.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const address = parseDatabaseUrl(options.url)
  assertNamesDiffer(options)
  if (address.dialect === 'sqlite') return openSqliteDatabase(address.path, options)
  // Loaded when it is wanted: the driver is a tenth of what a command on SQLite would load.
  const { openMysqlDatabase } = await import('./open-mysql-database.js')
  return openMysqlDatabase(address, options)
}

/** A migration is known by its name: two of the same name would be one that never runs. */
function assertNamesDiffer({ migrations = [] }: DatabaseOptions): void {
  const names = new Set<string>()
  for (const { name } of migrations) {
    if (!/^[A-Z][A-Za-z0-9]*\d{13}$/.test(name)) {
      throw new Error(`a migration's name ends in 13 digits, epoch milliseconds: ${name}`)
    }
    if (names.has(name)) throw new Error(`two migrations are called ${name}`)
    names.add(name)
  }
}
