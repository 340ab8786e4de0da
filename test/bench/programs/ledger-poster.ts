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

serveProgram({
  async open({ url, wallets, record }: { url: string; wallets: number; record: boolean }) {
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

  /** Gives every wallet `each` transactions, a stretch of orders at a time. */
  async fill({ wallets, each, callers }: { wallets: number; each: number; callers: number }) {
    for (let turn = 0; turn < each; turn++) {
      for (let first = 1; first <= wallets; first += STRETCH) {
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

  async save(file: string) {
    await writeFile(file, serialize(batches))
    batches.length = 0
  },

  async close() {
    await ledger.close()
    await database.close()
  },
})

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
