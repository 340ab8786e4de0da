import {
  type Database,
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
  type Ledger,
  type NoticesOf,
  openDatabase,
  openLedger,
  openMemoryStore,
  openSqlStore,
} from '@pointwell/ledger'
import type { Plugin } from '@pointwell/plugin'
import {
  openProgram,
  PROGRAM_MIGRATIONS,
  type Program,
  type ProgramOptions,
  programNotices,
} from '@pointwell/program'
import type { StoreName } from './databases.js'
import { atEndOfTest } from './end-of-file.js'
import { migratedUrl } from './migrated-url.js'
import { bell, broken, scriptedChannel, shop } from './test-program-plugins.js'

export interface TestProgram {
  readonly program: Program
  readonly ledger: Ledger
  readonly database: Database
  readonly time: { now: number }
  readonly url: string
}

/** Monday, noon in the default zone. */
export const MONDAY_NOON = Date.parse('2026-01-05T12:00:00+08:00')
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/**
 * A programme over a fresh store with a clock that stands still; closed after the test. `memory` is
 * the ledger in memory beside a SQLite file for the rest. `url`: one more server on the same store.
 */
export async function openTestProgram(
  store: StoreName,
  {
    plugins = [shop, bell, broken, shelf],
    time = { now: MONDAY_NOON },
    url,
    notices,
    decideMs = 700,
    ...options
  }: Partial<ProgramOptions> & {
    time?: { now: number }
    url?: string
    /** What follows from transactions, besides what the programme says. */
    notices?: NoticesOf
    /** How long a decision may take. */
    decideMs?: number
  } = {},
): Promise<TestProgram> {
  const migrations = [
    ...LEDGER_MIGRATIONS,
    ...PROGRAM_MIGRATIONS,
    ...plugins.flatMap(({ migrations }) => migrations ?? []),
  ]
  const address = url ?? (await migratedUrl(store === 'memory' ? 'sqlite' : store, migrations))
  const database = await openDatabase({
    url: address,
    entities: [...LEDGER_ENTITIES, ...plugins.flatMap(({ entities }) => entities ?? [])],
    migrations,
    durable: false,
  })
  atEndOfTest(() => database.close())
  await database.migrate()
  const clock = () => time.now
  const ofProgram = programNotices(plugins)
  const ledger = openLedger({
    store: store === 'memory' ? openMemoryStore() : openSqlStore(database),
    clock,
    decideMs,
    notices: notices ? (it) => [...ofProgram(it), ...notices(it)] : ofProgram,
  })
  atEndOfTest(() => ledger.close())
  const program = await openProgram({ database, ledger, plugins, ...options })
  atEndOfTest(() => program.close())
  return { program, ledger, database, time, url: address }
}

export const shelf: Plugin = scriptedChannel({
  fulfil: async (id) => ({ outcome: 'fulfilled', receipt: { id } }),
})

/** The wallet's balance as it is now, with what is due done. */
export async function balanceOf({ program, ledger }: TestProgram, memberId: string) {
  const member = await program.members.find(memberId)
  if (!member) throw new Error(`no member ${memberId}`)
  await ledger.settle([member.wallet])
  const [wallet] = await ledger.store.findWallets([member.wallet])
  return wallet!
}
