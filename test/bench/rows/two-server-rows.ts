import type { BenchContext } from '../bench-context.js'
import { tokenFor } from '../http/client.js'
import { registerMembers, startShopServer } from '../http/start-shop-server.js'
import { median } from '../measure/median.js'
import { type Use, useOf } from '../measure/process-use.js'
import { compare, takeTurns } from '../measure/take-turns.js'
import { startProgram } from '../process/start-program.js'
import type { Load, Measured } from '../programs/load-generator.js'
import { type Row, rowOf } from '../report/row.js'

const CLIENTS = 256

const SIZES = {
  full: { rounds: 7, members: 20_000, requests: 6_000 },
  quick: { rounds: 2, members: 1_000, requests: 600 },
}

/** Two servers on one MariaDB against one, the same clients spread over both. */
export async function twoServerRows(context: BenchContext): Promise<Row[]> {
  if (!context.stores.includes('mariadb')) return []
  const { rounds, members, requests } = SIZES[context.quick ? 'quick' : 'full']
  const { databases } = context
  const url = await databases.freshUrl('mariadb')
  const first = await startShopServer(context, { url, name: 'two-first' })
  const second = await startShopServer(context, { url, name: 'two-second' })
  context.say('two servers on one MariaDB ÷ one')
  await registerMembers(first.url, members)
  const token = await tokenFor('storefront')
  const clients = startProgram('load-generator')
  const pids = {
    'first server': first.pid,
    'second server': second.pid,
    MariaDB: databases.mariadbPid(),
    clients: clients.pid,
  }
  const used: Record<'one' | 'two', Use[]> = { one: [], two: [] }
  const post = async (side: 'one' | 'two', round: number) => {
    const urls = side === 'one' ? [first.url] : [first.url, second.url]
    await clients.ask('open', { urls, count: CLIENTS })
    const orders = side === 'one' ? round : 1_000 + round
    const at = Date.now() - 3_600_000
    const load: Load = { kind: 'record', round: orders, count: requests, members, token, at }
    await clients.ask('prepare', load)
    const { result, use } = await useOf(pids, () => clients.ask<Measured>('run'))
    if (round > 0) used[side].push(use)
    return result.perSecond
  }
  const measured = await takeTurns(rounds, {
    a: (round) => post('two', round),
    b: (round) => post('one', round),
  })
  await clients.stop()
  await first.stop()
  await second.stop()
  await databases.drop(url)
  return [
    rowOf(
      {
        name: 'two servers ÷ one',
        store: 'mariadb',
        a: `recordPurchase over HTTP to two servers on one MariaDB, ${CLIENTS} clients spread over both`,
        b: 'the same to one of them',
        unit: 'requests/s',
        note: `processors kept busy: with two ${told(used.two)}; with one ${told(used.one)}.`,
      },
      compare(measured),
    ),
  ]
}

function told(rounds: readonly Use[]): string {
  return Object.keys(rounds[0]?.cores ?? {})
    .map((name) => `${name} ${median(rounds.map(({ cores }) => cores[name]!)).toFixed(2)}`)
    .join(', ')
}
