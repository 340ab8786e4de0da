import { DefaultNamingStrategy, EntitySchema, getMetadataArgsStorage } from 'typeorm'
import type { Plugin } from '../contract/plugin.js'

const naming = new DefaultNamingStrategy()

/** The tables of a plugin's entities, or null for what is no entity. */
export function tableNames({ entities = [] }: Plugin): (string | null)[] {
  return entities.map((entity) => {
    if (entity instanceof EntitySchema) {
      const { tableName, name } = entity.options
      return naming.tableName(name, tableName)
    }
    const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity)
    if (!table || typeof table.target === 'string') return null
    return naming.tableName(table.target.name, table.name)
  })
}

/** Tables that `@JoinTable` makes for a plugin's entities, where they are named. */
export function joinTableNames({ entities = [] }: Plugin): string[] {
  return getMetadataArgsStorage()
    .joinTables.filter(({ target }) => (entities as unknown[]).includes(target))
    .flatMap(({ name }) => (name === undefined ? [] : [name]))
}
