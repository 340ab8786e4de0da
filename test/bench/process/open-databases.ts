import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { type MariadbServer, startMariadb } from '../../support/mariadb.js'
import type { Store } from '../report/row.js'

/** Databases for the rows to write to, as durable as in real use. */
export interface Databases {
  /** The address of an empty one. */
  freshUrl(store: Store): Promise<string>
  drop(url: string): Promise<void>
  /** The server's process, once somebody asked for a database on it. */
  mariadbPid(): number | undefined
  close(): Promise<void>
}

/** One MariaDB for the whole run, started when the first row wants it, with a buffer pool as a small
 * machine in real use would give it. SQLite's files lie in `folder`. */
export async function openDatabases(folder: string): Promise<Databases> {
  let starting: Promise<MariadbServer> | undefined
  let running: MariadbServer | undefined
  const mariadb = async () => {
    starting ??= startMariadb({ durable: true, bufferPoolMb: 1_024 })
    running = await starting
    return running
  }
  return {
    async freshUrl(store) {
      const name = `bench_${randomBytes(6).toString('hex')}`
      if (store === 'sqlite') return `sqlite://${join(folder, `${name}.db`)}`
      const { url } = await mariadb()
      await tell(url, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
      return `${url}/${name}`
    },
    async drop(url) {
      if (url.startsWith('sqlite:')) {
        const file = url.slice('sqlite://'.length)
        for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true })
        return
      }
      const { url: root } = await mariadb()
      await tell(root, `DROP DATABASE ${new URL(url).pathname.slice(1)}`)
    },
    mariadbPid: () => running?.pid,
    async close() {
      await (await starting)?.stop()
    },
  }
}

async function tell(uri: string, statement: string): Promise<void> {
  const connection = await createConnection({ uri })
  try {
    await connection.query(statement)
  } finally {
    await connection.end()
  }
}
