import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { inject } from 'vitest'
import { atEndOfFile } from './end-of-file.js'
import { fastFolder } from './fast-folder.js'

export type StoreName = 'memory' | 'sqlite' | 'mysql'

/** The stores this machine can test: `describe.each(availableStores())`. */
export function availableStores(): StoreName[] {
  return hasMysql() ? ['memory', 'sqlite', 'mysql'] : ['memory', 'sqlite']
}

export function hasMysql(): boolean {
  return inject('mysqlUrl') !== null
}

/**
 * The address of a new, empty MySQL database, dropped when the calling file is done.
 * Call it while a file is collected or in `beforeAll`, or in a test with `keep` and drop it yourself.
 */
export async function freshMysqlUrl(): Promise<string> {
  const root = inject('mysqlUrl')
  if (!root) throw new Error('There is no MySQL server in this run: ask hasMysql() first.')
  const name = `pw_${process.pid}_${randomBytes(6).toString('hex')}`
  await tellMysql({ root, sql: `CREATE DATABASE ${name} CHARACTER SET utf8mb4` })
  atEndOfFile(() => tellMysql({ root, sql: `DROP DATABASE IF EXISTS ${name}` }))
  return `${root}/${name}`
}

/** The address of a SQLite file that does not exist yet, removed when the calling file is done. */
export async function freshSqliteUrl(): Promise<string> {
  const folder = await mkdtemp(join(await fastFolder(), 'pointwell-sqlite-'))
  atEndOfFile(() => rm(folder, { recursive: true, force: true }))
  return `sqlite://${join(folder, 'pointwell.db')}`
}

/** A fresh address for a store that has one; the store in memory has none. */
export async function freshUrl(store: Exclude<StoreName, 'memory'>): Promise<string> {
  return store === 'mysql' ? freshMysqlUrl() : freshSqliteUrl()
}

async function tellMysql({ root, sql }: { root: string; sql: string }) {
  const connection = await createConnection({ uri: root })
  try {
    await connection.query(sql)
  } finally {
    await connection.end()
  }
}
