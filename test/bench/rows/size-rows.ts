import type { BenchContext } from '../bench-context.js'
import { tokenFor } from '../http/client.js'
import { createOffers, registerMembers, startShopServer } from '../http/start-shop-server.js'
import { compare, takeTurns } from '../measure/take-turns.js'
import { startProgram } from '../process/start-program.js'
import type { Load, Measured } from '../programs/load-generator.js'
import { type Row, rowOf, type Store } from '../report/row.js'

const CALLERS = 1_000
const CLIENTS = 64

/** Transactions of a member before anything is measured, in both stores. */
const EACH = 10

const SIZES = {
  full: {
    rounds: 7,
    members: 2_000,
    small: 20_000,
    large: 2_000_000,
    posts: 8_000,
    pages: 2_000,
    looks: 5_000,
    totals: 1_000,
  },
  quick: {
    rounds: 2,
    members: 500,
    small: 5_000,
    large: 50_000,
    posts: 2_000,
    pages: 300,
    looks: 500,
    totals: 100,
  },
}

/** Who look back at the same time. */
const LOOKERS = 16

/**
 * What posting, a page, and a look at a past moment (L7) cost in a store of two million transactions against one of twenty thousand.
 * The members who are active are the same number with the same history in both, so only the store
 * around them differs.
 */
export async function sizeRows(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(...(await onStore(store, context)))
  return rows
}

async function onStore(store: Store, context: BenchContext): Promise<Row[]> {
  const { rounds, members, small, large, posts, pages, looks, totals } =
    SIZES[context.quick ? 'quick' : 'full']
  const open = async (transactions: number) => {
    context.say(`${store}: a store of ${transactions.toLocaleString('en')} transactions`)
    const url = await context.databases.freshUrl(store)
    const name = `size-${store}-${transactions}`
    const ledger = startProgram('ledger-poster')
    const wallets = transactions / EACH
    // Before the server, which opens wallets as of now: a wallet's time never runs backwards.
    await ledger.ask('open', { url, wallets, record: false, daysBefore: EACH + 1 })
    const server = await startShopServer(context, { url, name })
    await registerMembers(server.url, members)
    await createOffers(server.url)
    // Its jobs go by the machine's clock: they would carry wallets past the days that are filled.
    await server.stop()
    await ledger.ask('fill', { wallets, each: EACH, callers: CALLERS })
    await ledger.ask('fold')
    return { url, server, ledger }
  }
  const few = await open(small)
  const many = await open(large)
  const token = await tokenFor('storefront')
  const clients = startProgram('load-generator')

  type Place = Awaited<ReturnType<typeof open>>
  // The active members are the first ones of each store.
  const post = async ({ ledger }: Place, round: number) => {
    await ledger.ask('prepare', { round, count: posts, wallets: members })
    return 1_000_000 / (await ledger.ask<number>('run', { callers: CALLERS }))
  }
  const read = async ({ server }: Place, round: number) => {
    await clients.ask('open', { urls: [server.url], count: CLIENTS })
    const load: Load = { kind: 'page', round, count: pages, members, token, at: 0 }
    await clients.ask('prepare', load)
    return 1_000 / (await clients.ask<Measured>('run')).perSecond
  }
  const lookBack = ({ ledger }: Place, round: number) =>
    ledger.ask<number>('lookBack', {
      round,
      count: looks,
      wallets: members,
      each: EACH,
      callers: LOOKERS,
    })
  // Before anything else is posted: what of a wallet's history lies after a moment is the same in both.
  context.say(`${store}: past moments in both`)
  const looking = await takeTurns(rounds, {
    a: (round) => lookBack(many, round),
    b: (round) => lookBack(few, round),
  })
  const totalling = await takeTurns(rounds, {
    a: () => many.ledger.ask<number>('totalThen', { count: totals, each: EACH }),
    b: () => few.ledger.ask<number>('totalThen', { count: totals, each: EACH }),
  })
  context.say(`${store}: posting and pages in both`)
  for (const { ledger, server } of [few, many]) {
    await ledger.ask('settle')
    await server.restart()
  }
  const posting = await takeTurns(rounds, {
    a: (round) => post(many, round),
    b: (round) => post(few, round),
  })
  const reading = await takeTurns(rounds, {
    a: (round) => read(many, round),
    b: (round) => read(few, round),
  })
  await clients.stop()
  for (const { url, server, ledger } of [few, many]) {
    await ledger.ask('close')
    await ledger.stop()
    await server.stop()
    await context.databases.drop(url)
  }

  const sides = (what: string) => ({
    a: `${what} in a store of ${large.toLocaleString('en')} transactions`,
    b: `the same in a store of ${small.toLocaleString('en')}; ${members.toLocaleString('en')} active members with ${EACH} transactions each at first in both`,
    store,
    aim: { atMost: 1.1 },
  })
  return [
    rowOf({ ...sides('a posting'), name: 'size: posting', unit: 'µs' }, compare(posting)),
    rowOf({ ...sides("a storefront's page"), name: 'size: page', unit: 'ms' }, compare(reading)),
    rowOf(
      { ...sides("a wallet's balance at a past moment"), name: 'size: balance then', unit: 'µs' },
      compare(looking),
    ),
    rowOf(
      { ...sides('all totals at a past moment'), name: 'size: totals then', unit: 'µs' },
      compare(totalling),
    ),
  ]
}
