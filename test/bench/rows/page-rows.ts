import type { BenchContext } from '../bench-context.js'
import { ask, tokenFor } from '../http/client.js'
import { PAGE } from '../http/operations.js'
import { createOffers, registerMembers, startShopServer } from '../http/start-shop-server.js'
import { CpuBook } from '../measure/process-use.js'
import { compare, takeTurns } from '../measure/take-turns.js'
import { type Program, startProgram } from '../process/start-program.js'
import type { Load, Measured } from '../programs/load-generator.js'
import { type Row, rowOf, type Store } from '../report/row.js'

const CLIENTS = 64

const SIZES = {
  full: { rounds: 7, members: 1_000, ordersEach: 15, pages: 2_000 },
  quick: { rounds: 2, members: 100, ordersEach: 15, pages: 300 },
}

/** A storefront's page on our server against Mercurius over the same schema and store. */
export async function pageRows(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(await onStore(store, context))
  return rows
}

async function onStore(store: Store, context: BenchContext): Promise<Row> {
  const { rounds, members, ordersEach, pages } = SIZES[context.quick ? 'quick' : 'full']
  const url = await context.databases.freshUrl(store)
  const ours = await startShopServer(context, { url, name: `page-${store}` })
  context.say(`pages on ${store}: a shop with ${members} members`)
  await registerMembers(ours.url, members)
  await createOffers(ours.url)
  const token = await tokenFor('storefront')
  const clients = startProgram('load-generator')
  await clients.ask('open', { urls: [ours.url], count: 8 })
  const at = Date.now() - 3_600_000
  const count = (members * ordersEach) / 100
  const fill: Load = { kind: 'recordMany', round: 0, count, members, token, at }
  await clients.ask('prepare', fill)
  await clients.ask('run')

  const theirs = startProgram('mercurius-server')
  const theirUrl = await theirs.ask<string>('open', { url })
  await assertSamePage([ours.url, theirUrl], token)

  context.say(`pages on ${store}: ours ÷ Mercurius`)
  const cpu = new CpuBook()
  const servers = {
    ours: { url: ours.url, pid: ours.pid },
    theirs: { url: theirUrl, pid: theirs.pid },
  }
  const read = async (side: 'ours' | 'theirs', round: number) => {
    const { url: server, pid } = servers[side]
    await clients.ask('open', { urls: [server], count: CLIENTS })
    const load: Load = { kind: 'page', round, count: pages, members, token, at }
    await clients.ask('prepare', load)
    const pids = {
      server: pid,
      ...(store === 'mariadb' && { MariaDB: context.databases.mariadbPid() }),
    }
    const booking = { side, pids, operations: pages, counts: round > 0 }
    return (await cpu.book(booking, () => clients.ask<Measured>('run'))).perSecond
  }
  const measured = await takeTurns(rounds, {
    a: (round) => read('ours', round),
    b: (round) => read('theirs', round),
  })
  await stopAll(clients, theirs)
  await ours.stop()
  await context.databases.drop(url)
  return rowOf(
    {
      name: 'page ÷ Mercurius',
      store,
      a: `a storefront's page from our server: wallet, ten rows of history, expiring lots, offers; ${CLIENTS} clients`,
      b: 'the same page from Mercurius with JIT: same schema, same store, same checks of who asks',
      unit: 'pages/s',
      aim: { atLeast: 0.9 },
      note: cpu.told(),
    },
    compare(measured),
  )
}

/** A side that answers something else, or less, would be no measure. */
async function assertSamePage(servers: readonly string[], token: string): Promise<void> {
  const [first, ...others] = await Promise.all(
    servers.map(async (server) =>
      JSON.stringify(await ask(server, { token, query: PAGE, variables: { memberId: 'm-1' } })),
    ),
  )
  if (others.some((page) => page !== first)) {
    throw new Error(`The servers show different pages: ${[first, ...others].join('\n')}`)
  }
}

async function stopAll(clients: Program, theirs: Program): Promise<void> {
  await clients.stop()
  await theirs.ask('close')
  await theirs.stop()
}
