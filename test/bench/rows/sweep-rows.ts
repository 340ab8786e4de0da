import type { BenchContext } from '../bench-context.js'
import { tokenFor } from '../http/client.js'
import { registerMembers, startShopServer } from '../http/start-shop-server.js'
import { compare } from '../measure/take-turns.js'
import { startProgram } from '../process/start-program.js'
import type { Load, Measured } from '../programs/load-generator.js'
import { type Row, rowOf, type Store } from '../report/row.js'

const CALLERS = 1_000
const CLIENTS = 64
/** Orders of one request. */
const MANY = 100
/** Lots of each wallet that lies due. */
const EACH = 10

const SIZES = {
  full: { rounds: 9, members: 5_000, requests: 200, lots: 1_000_000 },
  quick: { rounds: 3, members: 500, requests: 20, lots: 20_000 },
}

/** Orders while the server's own sweep makes a million lots expire, against the same orders before they
 * fell due (X1). */
export async function sweepRows(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(await onStore(store, context))
  return rows
}

async function onStore(store: Store, context: BenchContext): Promise<Row> {
  const { rounds, members, requests, lots } = SIZES[context.quick ? 'quick' : 'full']
  const { databases } = context
  context.say(`${store}: a store of ${lots.toLocaleString('en')} lots`)
  const url = await databases.freshUrl(store)
  const server = await startShopServer(context, { url, name: `sweep-${store}` })
  await registerMembers(server.url, members)
  const ledger = startProgram('ledger-poster')
  const wallets = members + lots / EACH
  await ledger.ask('open', { url, wallets, record: false })
  await ledger.ask('fill', { from: members + 1, wallets, each: EACH, callers: CALLERS })

  const token = await tokenFor('storefront')
  const clients = startProgram('load-generator')
  const measure = async (round: number) => {
    await clients.ask('open', { urls: [server.url], count: CLIENTS })
    const at = Date.now() - 3_600_000
    const load: Load = { kind: 'recordMany', round, count: requests, members, token, at }
    await clients.ask('prepare', load)
    return (await clients.ask<Measured>('run')).perSecond * MANY
  }
  context.say(`${store}: orders before the lots fall due`)
  const before: number[] = []
  for (let round = 0; round <= rounds; round++) before.push(await measure(round))

  context.say(`${store}: orders while they expire`)
  const dueAt = Date.now()
  const due = await ledger.ask<number>('fallDue', { after: members, at: dueAt })
  if (due !== lots) throw new Error(`${due} lots fell due, not ${lots}`)
  const startedAt = performance.now()
  const isDone = async () => (await ledger.ask<number>('due', dueAt)) === 0
  const during: number[] = []
  for (let round = 0; round <= rounds && !(await isDone()); round++) {
    during.push(await measure(rounds + 1 + round))
  }
  const inTime = !(await isDone())
  // To the end, now without traffic.
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 500))
  const seconds = (performance.now() - startedAt) / 1_000

  await clients.stop()
  await ledger.ask('close')
  await ledger.stop()
  await server.stop()
  await databases.drop(url)
  // The first of each is for getting warm; one that began before the sweep's end counts.
  const pairs = during.slice(1).map((a, place) => ({ a, b: before[place + 1]! }))
  if (pairs.length === 0) throw new Error('the sweep ended before anything could be measured')
  return rowOf(
    {
      name: 'orders in a sweep',
      store,
      a: `orders, ${MANY} a request, ${CLIENTS} clients, while ${lots.toLocaleString('en')} lots of ${(lots / EACH).toLocaleString('en')} wallets expire`,
      b: 'the same before',
      unit: 'orders/s',
      aim: { atLeast: 0.8 },
      note: `all were swept ${Math.round(seconds)} s after they fell due${inTime ? ', the last of them without traffic' : ''}; ${pairs.length} rounds`,
    },
    compare(pairs),
  )
}
