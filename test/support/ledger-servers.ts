import {
  type Command,
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
  type Ledger,
  type LedgerStore,
  openDatabase,
  openLedger,
  openSqlStore,
  type Posted,
  StoreConflict,
} from '@pointwell/ledger'
import { createConnection } from 'mysql2/promise'
import { chance, shuffled } from './chance.js'
import { type Move, moveCommand } from './move-command.js'

/** A server of its own: its own pool of connections, its own ledger over the shared database. */
export interface Server {
  readonly ledger: Ledger
  /** How often a batch had to be tried again. */
  conflicts: number
  close(): Promise<void>
}

export async function startServer(
  url: string,
  clock: () => number,
  staged: (store: LedgerStore) => LedgerStore = (store) => store,
): Promise<Server> {
  const database = await openDatabase({
    url,
    entities: LEDGER_ENTITIES,
    migrations: LEDGER_MIGRATIONS,
    durable: false,
    poolSize: 8,
  })
  await database.migrate()
  const server: Server = {
    ledger: openLedger({
      store: staged(openSqlStore(database)),
      clock,
      batchSize: 32,
      pause: async (attempt) => {
        server.conflicts++
        await new Promise((resolve) => setTimeout(resolve, chance() * 5 * attempt))
      },
    }),
    conflicts: 0,
    async close() {
      await server.ledger.close()
      await database.close()
    },
  }
  return server
}

export function grantMove(points: number, terms: object = {}): Move {
  const lot = { kind: 'base', source: 'purchase', ref: null, earnedAt: 0, claimMs: null }
  return { move: 'grant', ...lot, expiresAt: null, points, ...terms }
}

let lastWallet = 0

/** So many members, each with points to spend, whom no other test knows. */
export async function openMembers(
  { ledger }: Server,
  count: number,
  points = 0,
): Promise<readonly number[]> {
  const ids = Array.from({ length: count }, () => ++lastWallet)
  await ledger.openWallets(ids)
  if (points > 0) {
    const moves = [grantMove(points)]
    await Promise.all(
      ids.map((wallet) => ledger.post(moveCommand({ wallet, key: `open/${wallet}`, moves }))),
    )
  }
  return ids
}

export function times<T>(count: number, make: (place: number) => T): T[] {
  return Array.from({ length: count }, (_, place) => make(place))
}

/** As a client does who heard of a fault: the same key once more, maybe at another server. */
export async function postUntilAnswered(
  anyServer: () => Ledger,
  command: Command,
): Promise<Posted> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await anyServer().post(command)) as Posted
    } catch (fault) {
      if (!(fault instanceof StoreConflict) || attempt > 20) throw fault
    }
  }
}

/** Somebody who kills connections of this database, one after the other, whatever they do. */
export function killConnections(url: string): { stop(): Promise<number> } {
  const database = new URL(url).pathname.slice(1)
  let running = true
  const done = (async () => {
    const connection = await createConnection({ uri: url })
    const [[me]] = (await connection.query('SELECT CONNECTION_ID() AS id')) as unknown as [
      [{ id: number }],
    ]
    let killed = 0
    while (running) {
      const [rows] = await connection.query(
        'SELECT id FROM information_schema.PROCESSLIST WHERE db = ? AND id <> ?',
        [database, me.id],
      )
      const victims = shuffled(rows as { id: number }[]).slice(0, 2)
      for (const { id } of victims) {
        await connection.query('KILL CONNECTION ?', [id]).then(
          () => killed++,
          () => {},
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    await connection.end()
    return killed
  })()
  return {
    stop() {
      running = false
      return done
    },
  }
}
