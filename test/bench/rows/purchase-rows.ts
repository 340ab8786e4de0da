import type { BenchContext } from '../bench-context.js'
import { tokenFor } from '../http/client.js'
import { registerMembers, startShopServer } from '../http/start-shop-server.js'
import { CpuBook } from '../measure/process-use.js'
import { compare, takeTurns } from '../measure/take-turns.js'
import { startProgram } from '../process/start-program.js'
import type { Kind, Load, Measured } from '../programs/load-generator.js'
import { type Row, rowOf, type Store } from '../report/row.js'

const CLIENTS = 256

const SIZES = {
  full: { rounds: 7, members: 20_000, requests: 6_000, batches: 100 },
  quick: { rounds: 2, members: 1_000, requests: 1_000, batches: 10 },
}

/** `recordPurchase` over HTTP against mutations that do nothing, and a hundred orders at a time. */
export async function purchaseRows(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(...(await onStore(store, context)))
  return rows
}

async function onStore(store: Store, context: BenchContext): Promise<Row[]> {
  const { rounds, members, requests, batches } = SIZES[context.quick ? 'quick' : 'full']
  const url = await context.databases.freshUrl(store)
  const server = await startShopServer(context, { url, name: `record-${store}` })
  context.say(`purchases on ${store}`)
  await registerMembers(server.url, members)
  const token = await tokenFor('storefront')
  const clients = startProgram('load-generator')
  await clients.ask('open', { urls: [server.url], count: CLIENTS })
  const cpu = new CpuBook()
  const pids = {
    server: server.pid,
    ...(store === 'mariadb' && { MariaDB: context.databases.mariadbPid() }),
  }
  const load = async (kind: Kind, round: number, count: number) => {
    const at = Date.now() - 3_600_000
    await clients.ask('prepare', { kind, round, count, members, token, at } satisfies Load)
    const booking = {
      side: kind,
      pids,
      operations: kind === 'recordMany' ? count * 100 : count,
      counts: round % 1_000 > 0,
    }
    return (await cpu.book(booking, () => clients.ask<Measured>('run'))).perSecond
  }
  const measured = await takeTurns(rounds, {
    record: (round) => load('record', round, requests),
    same: (round) => load('same', round, requests),
    bare: (round) => load('bare', round, requests),
    // Orders that the others did not send.
    many: async (round) => (await load('recordMany', 1_000 + round, batches)) * 100,
  })
  await clients.stop()
  await server.stop()
  await context.databases.drop(url)

  const record = `recordPurchase over HTTP, one order a request, ${CLIENTS} clients`
  return [
    rowOf(
      {
        name: 'purchase ÷ empty',
        store,
        a: record,
        b: 'a mutation with the same input and the same answer that does nothing',
        unit: 'requests/s',
        aim: { atLeast: 0.8 },
        note: cpu.told(),
      },
      compare(measured.map(({ record, same }) => ({ a: record, b: same }))),
    ),
    rowOf(
      {
        name: 'purchase ÷ bare',
        store,
        a: record,
        b: '`mutation { benchBare }`: no input and nothing to answer',
        unit: 'requests/s',
      },
      compare(measured.map(({ record, bare }) => ({ a: record, b: bare }))),
    ),
    rowOf(
      {
        name: 'purchases of 100 ÷ one',
        store,
        a: `recordPurchases over HTTP, 100 orders a request, ${CLIENTS} clients`,
        b: record,
        unit: 'orders/s',
      },
      compare(measured.map(({ many, record }) => ({ a: many, b: record }))),
    ),
  ]
}
