import type { TestProject } from 'vitest/node'
import { findMariadb, startMariadb } from './mariadb.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Root address of a MySQL-compatible server for this run, or null where there is none. */
    mysqlUrl: string | null
  }
}

/** One private MariaDB for the whole run; each test takes a database of its own from it. */
export default async function globalSetup(project: TestProject) {
  const given = process.env.POINTWELL_TEST_MYSQL_URL
  if (given) {
    project.provide('mysqlUrl', given.replace(/\/+$/, ''))
    return
  }

  const programs = findMariadb()
  if (!programs) {
    const message =
      'No MariaDB on this machine: install mariadb-server, or set POINTWELL_TEST_MYSQL_URL to a server that tests may use.'
    if (process.env.CI) throw new Error(message)
    console.warn(
      `\n${'!'.repeat(78)}\n${message}\nEvery test of the MySQL store is SKIPPED.\n${'!'.repeat(78)}\n`,
    )
    project.provide('mysqlUrl', null)
    return
  }

  const server = await startMariadb({ programs })
  project.provide('mysqlUrl', server.url)
  return () => server.stop()
}
