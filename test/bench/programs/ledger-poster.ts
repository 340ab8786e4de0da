import { writeFile } from 'node:fs/promises'
import { serialize } from 'node:v8'
import {
  type Database,
  isRefusal,
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
  type Ledger,
  openDatabase,
  openLedger,
  openSqlStore,
} from '@pointwell/ledger'
import { drawOrders, FIRST_ORDER_AT } from '../posting/draw-orders.js'
import { type Order, purchaseCommand } from '../posting/purchase-command.js'
import { recordWrites, type WrittenBatch } from '../posting/record-writes.js'
import { serveProgram } from '../process/serve-program.js'

/** The product's ledger in a process of its own. It can write down what it writes, for the sides that
 * write the same by other means. */

let database: Database
let ledger: Ledger
let orders: Order[] = []
let now = FIRST_ORDER_AT
const batches: WrittenBatch[] = []

/** Orders that are drawn at a time: all of two million would not fit. */
const STRETCH = 20_000

const DAY_MS = 86_400_000

serveProgram({
  /** `daysBefore`: the wallets are opened so long before the first order, and know nothing earlier. */
  async open({
    url,
    wallets,
    record,
    daysBefore = 0,
  }: {
    url: string
    wallets: number
    record: boolean
    daysBefore?: number
  }) {
    now = FIRST_ORDER_AT - daysBefore * DAY_MS
    database = await openDatabase({
      url,
      entities: LEDGER_ENTITIES,
      migrations: LEDGER_MIGRATIONS,
    })
    await database.migrate()
    const store = openSqlStore(record ? recordWrites(database, batches) : database)
    ledger = openLedger({ store, clock: () => now })
    const ids = Array.from({ length: wallets }, (_, place) => place + 1)
    for (let start = 0; start < wallets; start += 5_000) {
      await ledger.openWallets(ids.slice(start, start + 5_000))
    }
    batches.length = 0
  },

  prepare(drawn: { round: number; count: number; wallets: number }) {
    orders = drawOrders(drawn)
    now = FIRST_ORDER_AT + drawn.round * 60_000 + 1_000
    globalThis.gc?.()
  },

  /** Postings a second, each caller posting again as soon as it is answered. */
  async run({ callers }: { callers: number }): Promise<number> {
    const startedAt = performance.now()
    await postAll(orders, callers)
    return (orders.length * 1_000) / (performance.now() - startedAt)
  },

  /** Gives the wallets from `from` (default the first) to `wallets` `each` transactions, one a day, a
   * stretch of orders at a time. */
  async fill({ from = 1, wallets, each, callers }: Filling) {
    for (let turn = 0; turn < each; turn++) {
      now = FIRST_ORDER_AT - (each - turn) * DAY_MS
      for (let first = from; first <= wallets; first += STRETCH) {
        const count = Math.min(STRETCH, wallets - first + 1)
        const drawn = drawOrders({ round: -1 - turn, count, wallets })
        await postAll(
          drawn.map((order, place) => ({
            ...order,
            wallet: first + place,
            orderId: `f-${String(turn).padStart(4, '0')}-${String(first + place).padStart(8, '0')}`,
          })),
          callers,
        )
      }
    }
  },

  /** Looks wallets up as they were at moments among the days of `fill`; microseconds for each. */
  async lookBack({ round, count, wallets, each, callers }: Looks): Promise<number> {
    const moments = drawOrders({ round, count, wallets }).map(({ wallet }, place) => ({
      wallet,
      at: FIRST_ORDER_AT - ((place % each) + 0.5) * DAY_MS,
    }))
    let empty = 0
    const micros = await microsEach(count, callers, async (place) => {
      const { wallet, at } = moments[place]!
      const [found] = await ledger.store.findBalancesAt([{ wallet, at }])
      if (!found) throw new Error(`there is no wallet ${wallet}`)
      if (found.available === 0) empty++
    })
    // One order a day: not to have found its points would be quick, and wrong. A few orders earn none.
    if (empty > count / 100) throw new Error(`${empty} of ${count} wallets have nothing`)
    return micros
  },

  /** Asks for the total of every account at moments among the days of `fill`; microseconds for each. */
  async totalThen({ count, each }: Pick<Looks, 'count' | 'each'>): Promise<number> {
    return microsEach(count, 1, async (place) => {
      const at = FIRST_ORDER_AT - ((place % (each - 1)) + 0.5) * DAY_MS
      const totals = await ledger.store.findTotalsAt(at)
      if (!totals.get('available')) throw new Error(`nothing was there at ${at}`)
    })
  },

  /** As the job of that name does every hour. */
  async fold() {
    await ledger.store.foldFigures(FIRST_ORDER_AT, (at) => at - (at % DAY_MS))
  },

  /** Does what is due by now, so that a server that is started finds nothing to do. */
  async settle() {
    const before = now
    now = Date.now()
    while ((await ledger.store.findDueWallets(now, 1)).length > 0) await ledger.sweep(1_000)
    now = before
  },

  /** Makes all lots of the wallets after `after` fall due at `at`, by hand: there is no posting that
   * brings an end so near. Answers with how many lots it concerned. */
  async fallDue({ after, at }: { after: number; at: number }): Promise<number> {
    return database.write(async (manager) => {
      const sql = database.connection(manager)
      const lots = await sql.run(
        'UPDATE ledger_lot SET expires_at = ? WHERE wallet_id > ? AND is_open = 1',
        [at, after],
      )
      await sql.run('UPDATE ledger_wallet SET next_due_at = ? WHERE id > ?', [at, after])
      return lots
    })
  },

  /** How many wallets have something due at `at`; 10,000 at most. */
  async due(at: number): Promise<number> {
    return (await ledger.store.findDueWallets(at, 10_000)).length
  },

  async save(file: string) {
    await writeFile(file, serialize(batches))
    batches.length = 0
  },

  async close() {
    await ledger.close()
    await database.close()
  },
})

interface Filling {
  readonly from?: number
  readonly wallets: number
  readonly each: number
  readonly callers: number
}

interface Looks {
  readonly round: number
  readonly count: number
  readonly wallets: number
  readonly each: number
  readonly callers: number
}

async function microsEach(
  count: number,
  callers: number,
  ask: (place: number) => Promise<void>,
): Promise<number> {
  let next = 0
  const call = async () => {
    while (next < count) await ask(next++)
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: callers }, call))
  return ((performance.now() - startedAt) * 1_000) / count
}

async function postAll(all: readonly Order[], callers: number): Promise<void> {
  let next = 0
  const call = async () => {
    while (next < all.length) {
      const posted = await ledger.post(purchaseCommand(all[next++]!))
      if (isRefusal(posted)) throw new Error(`refused: ${posted.code}`)
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
}
