import {
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
  type LedgerStore,
  openDatabase,
  openMemoryStore,
  openSqlStore,
} from '@pointwell/ledger'
import type { StoreName } from './databases.js'
import { migratedUrl } from './migrated-url.js'

export interface OpenStore {
  /** The same books as two servers see them: each with connections of its own. In memory there is
   * one server only, twice. */
  readonly stores: readonly [LedgerStore, LedgerStore]
  /** Null in memory. */
  readonly url: string | null
  close(): Promise<void>
}

/** An empty ledger store, migrated, on a database of its own. */
export async function openFreshStore(name: StoreName): Promise<OpenStore> {
  if (name === 'memory') {
    const store = openMemoryStore()
    return { stores: [store, store], url: null, close: async () => {} }
  }
  const url = await migratedUrl(name, LEDGER_MIGRATIONS)
  const open = () =>
    openDatabase({
      url,
      entities: LEDGER_ENTITIES,
      migrations: LEDGER_MIGRATIONS,
      durable: false,
    })
  const databases = [await open(), await open()] as const
  return {
    stores: [openSqlStore(databases[0]), openSqlStore(databases[1])],
    url,
    async close() {
      for (const database of databases) await database.close()
    },
  }
}
