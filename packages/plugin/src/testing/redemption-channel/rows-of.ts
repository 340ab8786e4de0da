import type { PluginStore, RedemptionChannel } from '../../contract/plugin.js'

/** All rows of a plugin's own tables, as they stand. */
export async function rowsOf(
  { entities = [] }: RedemptionChannel,
  store: PluginStore,
): Promise<readonly unknown[]> {
  if (entities.length === 0) return []
  return store.read(async (manager) => {
    const rows: unknown[] = []
    for (const entity of entities) rows.push(...(await manager.find(entity as never)))
    return rows
  })
}

/** How many there are: of a pool of codes there may be thousands. */
export async function countRowsOf(
  { entities = [] }: RedemptionChannel,
  store: PluginStore,
): Promise<number> {
  if (entities.length === 0) return 0
  return store.read(async (manager) => {
    let count = 0
    for (const entity of entities) count += await manager.count(entity as never)
    return count
  })
}
