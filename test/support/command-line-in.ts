import { openDatabase } from '@pointwell/ledger'
import { serverMigrations } from '@pointwell/server'
import { expect } from 'vitest'
import { migratedUrl } from './migrated-url.js'
import { type PointwellResult, runPointwell } from './run-pointwell.js'
import { runPointwellHere } from './run-pointwell-here.js'

/**
 * The command line as a user runs it in a folder, against databases of a store: in this process, which is
 * quick, or `built`, as a process of its own, where that is what a test is about.
 */
export function commandLineIn(folder: () => string, store: 'sqlite' | 'mysql') {
  const of = (url: string) => ({ cwd: folder(), env: { POINTWELL_DATABASE_URL: url } })
  const by = (run: typeof runPointwell) => {
    const pointwell = (url: string, ...args: string[]) => run(args, of(url))
    return {
      pointwell,
      /** What it printed; it has to end well. */
      done: async (url: string, ...args: string[]) => printedBy(await pointwell(url, ...args)),
    }
  }
  return {
    of,
    ...by(runPointwellHere),
    built: by(runPointwell),
    /** As after `pointwell migrate`. */
    migrated: () => migratedUrl(store, serverMigrations()),
    /** How many rows there are, seen from outside. */
    async counting(url: string, sql: string) {
      const database = await openDatabase({ url, durable: false })
      const count = () =>
        database.read(async (manager) => {
          const [row] = await database.connection(manager).select(sql)
          return Number(row!.n)
        })
      return { count, close: () => database.close() }
    },
  }
}

function printedBy({ code, stdout, stderr }: PointwellResult): string {
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) })
  return stdout
}

/** NDJSON. */
export function linesOf(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('')
}
