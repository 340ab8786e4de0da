import { AsyncLocalStorage } from 'node:async_hooks'
import { DataSource, type EntityManager, type Logger } from 'typeorm'
import type { PluginBase, PluginStore } from '../../contract/plugin.js'
import { teachTypes } from './teach-types.js'

/** The tables of a plugin, and only its own. */
export type PluginTables = Pick<PluginBase<never>, 'entities' | 'migrations'>

/** A store that the kit opened. */
export interface OpenedStore {
  readonly store: PluginStore
  close(): Promise<void>
}

export interface MemoryStore extends OpenedStore {
  readonly source: DataSource
}

const QUIET: Logger = {
  log: () => {},
  logMigration: () => {},
  logQuery: () => {},
  logQueryError: () => {},
  logQuerySlow: () => {},
  logSchemaBuild: () => {},
}
const DUPLICATE_KEY = new Set<unknown>([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
])

/**
 * An empty SQLite database in memory with a plugin's tables, made by its migrations. Needs
 * `better-sqlite3`. One connection: reads and transactions wait for each other, which is the worst that a
 * plugin can meet; what reads within its own transaction reads in it.
 */
export async function openMemoryStore(
  { entities = [], migrations = [] }: PluginTables,
  { migrate = true }: { readonly migrate?: boolean } = {},
): Promise<MemoryStore> {
  const source = new DataSource({
    type: 'better-sqlite3',
    database: ':memory:',
    entities: [...entities],
    migrations: [...migrations],
    logger: QUIET,
  })
  teachTypes(source)
  await source.initialize()
  try {
    if (migrate) await source.runMigrations({ transaction: 'each' })
  } catch (error) {
    await source.destroy()
    throw error
  }
  const inTransaction = new AsyncLocalStorage<EntityManager>()
  return {
    source,
    store: storeOver(source, inTransaction),
    async close() {
      await source.destroy()
      // Else every promise of this process carries it on, also when there are hundreds of such stores.
      inTransaction.disable()
    },
  }
}

function storeOver(
  source: DataSource,
  inTransaction: AsyncLocalStorage<EntityManager>,
): PluginStore {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
  return {
    async read(work) {
      const manager = inTransaction.getStore()
      return manager ? work(manager) : inTurn(() => work(source.manager))
    },
    async write(work) {
      const manager = inTransaction.getStore()
      if (manager) return work(manager)
      return inTurn(() =>
        source.transaction((inside) => inTransaction.run(inside, () => work(inside))),
      )
    },
    isDuplicateKey(fault) {
      const { driverError, code } = (fault ?? {}) as { driverError?: unknown; code?: unknown }
      return DUPLICATE_KEY.has(((driverError ?? {}) as { code?: unknown }).code ?? code)
    },
  }
}
