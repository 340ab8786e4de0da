import { findTableFaults } from '../../boot/find-table-faults.js'
import type { Plugin } from '../../contract/plugin.js'
import { describe } from '../../isolation/call-plugin.js'
import type { Check, Found } from '../run/finding.js'
import type { Session } from '../run/session.js'
import { type MemoryStore, openMemoryStore } from '../store/open-memory-store.js'
import { tablesIn } from '../store/tables-in.js'
import { allOf } from './shape-checks.js'

/** What holds for the tables that a plugin brings. */
export const tableChecks: readonly Check<Session>[] = [
  {
    name: 'tables-begin-with-its-id',
    means: {
      en: 'its tables are called by its id, and its migrations by their time',
      zh: '数据表以插件 id 开头，迁移以时间命名',
    },
    find: ({ plugin }) =>
      // That entities have migrations is a check of its own, on a database.
      allOf(findTableFaults(plugin).filter((fault) => !/no migration that makes/.test(fault))),
  },
  {
    name: 'migrations-make-its-tables',
    means: {
      en: 'its migrations make the tables and columns of all its entities',
      zh: '迁移建立了全部实体所需的表和列',
    },
    find: ({ plugin }) => overTables(plugin, findMissing),
  },
  {
    name: 'entities-are-declared',
    means: {
      en: 'every table that its migrations make is that of an entity it declares',
      zh: '迁移建立的每张表都对应一个已声明的实体',
    },
    find: ({ plugin }) => overTables(plugin, findUndeclared),
  },
  {
    name: 'migrations-can-be-undone',
    means: {
      en: 'its migrations leave nothing behind when they are undone, and can be run again',
      zh: '迁移可撤销且不留残余，并可再次执行',
    },
    find: ({ plugin }) => overTables(plugin, findLeftBehind),
  },
]

type Opened = MemoryStore['source']

async function overTables(
  plugin: Plugin,
  find: (source: Opened) => Promise<string[]>,
): Promise<Found> {
  // Stryker disable next-line ArrayDeclaration: of what is no class TypeORM makes nothing, and says so
  const { entities = [], migrations = [] } = plugin
  // Stryker disable next-line ConditionalExpression: saves a database; in an empty one nothing is wrong
  if (entities.length === 0 && migrations.length === 0) return undefined
  const { source, close } = await openMemoryStore(plugin, { migrate: false })
  try {
    await source.runMigrations({ transaction: 'each' })
    return allOf(await find(source))
  } catch (error) {
    return { fault: `its migrations do not run on SQLite: ${describe(error)}` }
  } finally {
    await close()
  }
}

async function findMissing(source: Opened): Promise<string[]> {
  const tables = new Map((await tablesIn(source)).map((it) => [it.name, it.columns]))
  return source.entityMetadatas.flatMap(({ tableName, columns }) => {
    const there = tables.get(tableName)
    if (!there) return [`none of its migrations makes its table ${tableName}`]
    return columns
      .filter(({ databaseName }) => !there.includes(databaseName))
      .map(({ databaseName }) => `none of its migrations makes ${tableName}.${databaseName}`)
  })
}

async function findUndeclared(source: Opened): Promise<string[]> {
  const known = new Set(source.entityMetadatas.map(({ tableName }) => tableName))
  return (await tablesIn(source))
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => `its migrations make the table ${name}, which no entity it declares has`)
}

async function findLeftBehind(source: Opened): Promise<string[]> {
  for (const _ of source.migrations) await source.undoLastMigration({ transaction: 'each' })
  const left = await tablesIn(source)
  await source.runMigrations({ transaction: 'each' })
  return left.map(({ name }) => `undone, its migrations leave the table ${name} behind`)
}
