import {
  type Database,
  type DatabaseOptions,
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
  openDatabase,
} from '@pointwell/ledger'
import type { Plugin } from '@pointwell/plugin'
import { PROGRAM_MIGRATIONS } from '@pointwell/program'
import shipped from '../pointwell.config.js'

/** The server's database with the tables of the ledger, the programme and all plugins. */
export function openServerDatabase(
  options: Pick<DatabaseOptions, 'url' | 'logger' | 'poolSize' | 'durable'> & {
    readonly plugins: readonly Plugin[]
  },
): Promise<Database> {
  const { plugins, ...database } = options
  return openDatabase({
    ...database,
    entities: [...LEDGER_ENTITIES, ...plugins.flatMap(({ entities = [] }) => entities)],
    migrations: serverMigrations(plugins),
  })
}

/** All that makes such a database's tables. `plugins`: those that come with the server unless told. */
export function serverMigrations(
  plugins: readonly Plugin[] = shipped.plugins,
): NonNullable<DatabaseOptions['migrations']> {
  return [
    ...LEDGER_MIGRATIONS,
    ...PROGRAM_MIGRATIONS,
    ...plugins.flatMap(({ migrations = [] }) => migrations),
  ]
}
