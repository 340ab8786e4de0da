import { type Database, openDatabase } from '@pointwell/ledger'
import type { PluginStore } from '@pointwell/plugin'
import { freshUrl, hasMysql } from './databases.js'
import { atEndOfFile } from './end-of-file.js'
import { migratedUrl } from './migrated-url.js'

type Tables = Pick<Parameters<typeof openDatabase>[0], 'entities' | 'migrations'>

/** A database as its plugin sees it. */
export type PluginDatabase = Database & PluginStore

/** What a plugin's tables can be tested on: `describe.each(pluginDatabases())`. */
export function pluginDatabases(): ('sqlite' | 'mysql')[] {
  return hasMysql() ? ['sqlite', 'mysql'] : ['sqlite']
}

/**
 * A fresh database with the tables of one plugin, as so many servers see it: each with connections of
 * its own. Every one fits `PluginStore`; all are closed when the calling file is done. Without
 * `migrate` the tables are not there yet.
 */
export async function openPluginDatabases(
  on: 'sqlite' | 'mysql',
  { entities, migrations }: Tables,
  {
    servers = 1,
    poolSize = 12,
    migrate = true,
  }: { servers?: number; poolSize?: number; migrate?: boolean } = {},
): Promise<[PluginDatabase, ...PluginDatabase[]]> {
  const url = migrate ? await migratedUrl(on, migrations ?? []) : await freshUrl(on)
  const open = async () => {
    const database = await openDatabase({ url, entities, migrations, poolSize, durable: false })
    atEndOfFile(() => database.close())
    const { sql } = database
    return Object.assign(database, {
      isDuplicateKey: (fault: unknown) => sql.isDuplicateKey(fault),
    })
  }
  const first = await open()
  const others: PluginDatabase[] = []
  for (let server = 1; server < servers; server += 1) others.push(await open())
  return [first, ...others]
}
