import type { BenchContext } from '../bench-context.js'
import { ask, tokenFor } from '../http/client.js'
import { OFFER, RECORD_MANY } from '../http/operations.js'
import { registerMembers, startShopServer } from '../http/start-shop-server.js'
import { CpuBook } from '../measure/process-use.js'
import { compare, takeTurns } from '../measure/take-turns.js'
import { startProgram } from '../process/start-program.js'
import type { Load, Measured } from '../programs/load-generator.js'
import { type Row, rowOf, type Store } from '../report/row.js'

const CLIENTS = 64
/** What the scarce offer has, for each round anew. */
const STOCK = 100

const SIZES = {
  full: { rounds: 7, buyers: 3_000 },
  quick: { rounds: 3, buyers: 200 },
}

/** Buyers of an offer that is sold out after the first hundred, against one without a bound (R8). */
export async function stockRows(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(await onStore(store, context))
  return rows
}

async function onStore(store: Store, context: BenchContext): Promise<Row> {
  const { rounds, buyers } = SIZES[context.quick ? 'quick' : 'full']
  const { databases } = context
  const url = await databases.freshUrl(store)
  const server = await startShopServer(context, { url, name: `stock-${store}` })
  context.say(`buyers of 100 items ÷ of as many as they like on ${store}`)
  await registerMembers(server.url, buyers)
  const token = await tokenFor('storefront')
  await givePoints(server.url, { token, buyers })
  const operator = await tokenFor('operator')
  const clients = startProgram('load-generator')
  await clients.ask('open', { urls: [server.url], count: CLIENTS })
  const cpu = new CpuBook()
  const sell = async (side: 'scarce' | 'plenty', round: number) => {
    const offerId = `${side}-${round}`
    const input = {
      id: offerId,
      channel: 'coupon',
      title: { en: '10 off', zh: '立减10元' },
      cashValue: '10 CNY',
      price: { byHand: 1 },
      stock: side === 'scarce' ? { total: STOCK } : {},
      details: { type: 'direct-deduction', offMinor: 1_000 },
    }
    await ask(server.url, { token: operator, query: OFFER, variables: { input } })
    const load: Load = {
      kind: 'redeem',
      round,
      count: buyers,
      members: buyers,
      token,
      at: Date.now(),
      offerId,
    }
    await clients.ask('prepare', load)
    const pids = {
      server: server.pid,
      ...(store === 'mariadb' && { MariaDB: databases.mariadbPid() }),
    }
    const run = () => clients.ask<Measured>('run')
    return (await cpu.book({ side, pids, operations: buyers, counts: round > 0 }, run)).perSecond
  }
  const measured = await takeTurns(rounds, {
    a: (round) => sell('scarce', round),
    b: (round) => sell('plenty', round),
  })
  await clients.stop()
  await server.stop()
  await databases.drop(url)
  return rowOf(
    {
      name: 'sold out ÷ plenty',
      store,
      a: `answers to ${buyers} buyers of an offer with ${STOCK}, one a request, ${CLIENTS} clients`,
      b: 'the same of an offer without a bound',
      unit: 'answers/s',
      aim: { atLeast: 0.7 },
      note: cpu.told(),
    },
    compare(measured),
  )
}

/** An order of 1,000 each. */
async function givePoints(
  server: string,
  { token, buyers }: { token: string; buyers: number },
): Promise<void> {
  const at = new Date(Date.now() - 3_600_000).toISOString()
  for (let first = 1; first <= buyers; first += 100) {
    const input = Array.from({ length: Math.min(100, buyers - first + 1) }, (_, place) => ({
      memberId: `m-${first + place}`,
      orderId: `points-${first + place}`,
      at,
      currency: 'CNY',
      confirmed: true,
      lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: '1000' }],
    }))
    await ask(server, { token, query: RECORD_MANY, variables: { input } })
  }
}
