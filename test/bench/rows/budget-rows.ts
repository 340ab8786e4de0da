import type { BenchContext } from '../bench-context.js'
import { ask, tokenFor } from '../http/client.js'
import { BUDGET } from '../http/operations.js'
import { registerMembers, startShopServer } from '../http/start-shop-server.js'
import { CpuBook } from '../measure/process-use.js'
import { compare, takeTurns } from '../measure/take-turns.js'
import { startProgram } from '../process/start-program.js'
import type { Load, Measured } from '../programs/load-generator.js'
import { type Row, rowOf, type Store } from '../report/row.js'

const CLIENTS = 64
/** Orders of one request. */
const MANY = 100
/** So many that it never runs dry, and so few that it stays exact. */
const POINTS = 1_000_000_000_000

const SIZES = {
  full: { rounds: 7, members: 5_000, requests: 200 },
  quick: { rounds: 3, members: 500, requests: 40 },
}

/** Orders under a budget that all of them take from, against the same without one (E9). */
export async function budgetRows(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(await onStore(store, context))
  return rows
}

async function onStore(store: Store, context: BenchContext): Promise<Row> {
  const { rounds, members, requests } = SIZES[context.quick ? 'quick' : 'full']
  const { databases } = context
  const open = async (name: string) => {
    const url = await databases.freshUrl(store)
    const server = await startShopServer(context, { url, name: `budget-${store}-${name}` })
    await registerMembers(server.url, members)
    return { url, server }
  }
  context.say(`orders with a budget ÷ without on ${store}`)
  const sides = { with: await open('with'), without: await open('without') }
  const document = { budgets: { programme: { period: 'year', points: POINTS } } }
  const operator = await tokenFor('operator')
  await ask(sides.with.server.url, { token: operator, query: BUDGET, variables: { document } })
  const token = await tokenFor('storefront')
  const clients = startProgram('load-generator')
  const cpu = new CpuBook()
  const record = async (side: 'with' | 'without', round: number) => {
    const { server } = sides[side]
    await clients.ask('open', { urls: [server.url], count: CLIENTS })
    const at = Date.now() - 3_600_000
    const load: Load = { kind: 'recordMany', round, count: requests, members, token, at }
    await clients.ask('prepare', load)
    const pids = {
      server: server.pid,
      ...(store === 'mariadb' && { MariaDB: databases.mariadbPid() }),
    }
    const booking = { side, pids, operations: requests * MANY, counts: round > 0 }
    const run = () => clients.ask<Measured>('run')
    return (await cpu.book(booking, run)).perSecond * MANY
  }
  const measured = await takeTurns(rounds, {
    a: (round) => record('with', round),
    b: (round) => record('without', round),
  })
  await clients.stop()
  for (const { server, url } of Object.values(sides)) {
    await server.stop()
    await databases.drop(url)
  }
  return rowOf(
    {
      name: 'budget ÷ none',
      store,
      a: `orders, ${MANY} a request, ${CLIENTS} clients, under a budget of the programme's`,
      b: 'the same without a budget',
      unit: 'orders/s',
      aim: { atLeast: 0.8 },
      note: cpu.told(),
    },
    compare(measured),
  )
}
