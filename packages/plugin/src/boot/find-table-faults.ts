import type { Plugin } from '../contract/plugin.js'
import { tablePrefix } from '../define/plugin-ids.js'
import type { PluginBootFault } from './plugin-boot-error.js'
import { joinTableNames, tableNames } from './table-names.js'

/** Tables under other plugins' names, entities without migrations. */
export function findTableFaults(plugin: Plugin): string[] {
  const { id, entities = [], migrations = [] } = plugin
  const prefix = tablePrefix(id)
  const names = tableNames(plugin)
  const strangers = entities.filter((_, index) => names[index] === null)
  return [
    ...strangers.map((entity) => `${nameOf(entity)} is not an entity`),
    ...[...names, ...joinTableNames(plugin)]
      .filter((name) => name !== null)
      .filter((name) => !name.startsWith(prefix))
      .map((name) => `its table ${name} must begin with ${prefix}`),
    ...(entities.length > 0 && migrations.length === 0
      ? [
          `it has entities (${entities.map(nameOf).join(', ')}) and no migration that makes their tables`,
        ]
      : []),
    ...migrations.flatMap((migration) =>
      /\d{13}$/.test(migrationName(migration) ?? '')
        ? []
        : [`its migration ${migration.name} must have a name that ends in a time of 13 digits`],
    ),
  ]
}

/** By a table's or a migration's name, who has it. */
export function tablesAndMigrations(plugin: Plugin): string[] {
  return [
    ...[...tableNames(plugin), ...joinTableNames(plugin)]
      .filter((name) => name !== null)
      .map((name) => `table ${name}`),
    ...(plugin.migrations ?? []).map((migration) => `migration ${migrationName(migration)}`),
  ]
}

/**
 * Tables that are still not there after the migrations have run: an entity was written and its migration
 * forgotten, or a migration makes another table. `hasTable` asks the database.
 */
export async function findMissingTables(
  plugins: readonly Plugin[],
  hasTable: (name: string) => Promise<boolean>,
): Promise<PluginBootFault[]> {
  const faults: PluginBootFault[] = []
  for (const plugin of plugins) {
    for (const name of tableNames(plugin)) {
      if (name === null || (await hasTable(name))) continue
      faults.push({ plugin: plugin.id, fault: `none of its migrations makes its table ${name}` })
    }
  }
  return faults
}

/** TypeORM remembers a migration by this, and runs them in the order of its digits. */
function migrationName(migration: NonNullable<Plugin['migrations']>[number]): string | undefined {
  try {
    return new migration().name ?? migration.name
  } catch {
    return undefined
  }
}

function nameOf(entity: NonNullable<Plugin['entities']>[number]): string {
  return typeof entity === 'function' ? entity.name : entity.options.name
}
