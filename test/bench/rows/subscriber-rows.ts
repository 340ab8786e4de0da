import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerProcess } from '../../support/server-process.js'
import type { BenchContext } from '../bench-context.js'
import { ask, tokenFor } from '../http/client.js'
import { HEAP } from '../http/operations.js'
import { registerMembers, startShopServer } from '../http/start-shop-server.js'
import { residentBytes } from '../measure/process-use.js'
import { compare } from '../measure/take-turns.js'
import { startProgram } from '../process/start-program.js'
import type { Load } from '../programs/load-generator.js'
import type { Heard } from '../programs/subscribers.js'
import { type Row, rowOf, type Store } from '../report/row.js'

/** So many that the posting side is busy, and not drowned. */
const WRITERS = 16
/** A second server looks for news every quarter of a second; what it has not seen by then is lost. */
const LAST_NEWS_MS = 2_000

const SIZES = {
  full: { rounds: 5, subscribers: 2_000, requests: 3_000 },
  quick: { rounds: 2, subscribers: 200, requests: 300 },
}

/** How long after its commit a change is with its subscriber, and what a subscriber weighs. */
export async function subscriberRows(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = []
  for (const store of context.stores) rows.push(...(await onStore(store, context)))
  return rows
}

async function onStore(store: Store, context: BenchContext): Promise<Row[]> {
  const { rounds, subscribers, requests } = SIZES[context.quick ? 'quick' : 'full']
  const url = await context.databases.freshUrl(store)
  const near = await startShopServer(context, { url, name: `subscribers-${store}` })
  const far = store === 'mariadb' ? await startShopServer(context, { url, name: 'far' }) : undefined
  context.say(`${subscribers} subscribers on ${store}`)
  await registerMembers(near.url, subscribers)
  const token = await tokenFor('storefront')
  const writers = startProgram('load-generator')
  await writers.ask('open', { urls: [near.url], count: WRITERS })
  const load = { kind: 'record', count: requests, members: subscribers, token } as const

  const listen = async (server: ServerProcess, firstRound: number) => {
    const heard: Heard[] = []
    const listeners = startProgram('subscribers')
    // What the first subscribers make once for all who follow is not theirs.
    await listeners.ask('open', { url: server.url, token, count: Math.min(subscribers, 100) })
    await listeners.ask('close')
    const before = await weigh(server, token)
    await listeners.ask('open', { url: server.url, token, count: subscribers })
    const weight = perSubscriber(before, await weigh(server, token), subscribers)
    for (let round = 0; round <= rounds; round++) {
      const at = Date.now() - 3_600_000
      await writers.ask('prepare', { ...load, round: firstRound + round, at } satisfies Load)
      await listeners.ask('reset')
      await writers.ask('run')
      await sleep(LAST_NEWS_MS)
      const some = await listeners.ask<Heard>('heard')
      if (some.changes !== requests) {
        throw new Error(`${requests} changes, and ${some.changes} of them were heard of`)
      }
      if (round > 0) heard.push(some)
    }
    await listeners.ask('close')
    await listeners.stop()
    return { heard, weight }
  }
  const nearby = await listen(near, 0)
  const away = far && (await listen(far, 1_000))
  await writers.stop()
  await near.stop()
  await far?.stop()
  await context.databases.drop(url)

  const who = `${subscribers.toLocaleString('en')} subscribers, a socket and a wallet each, while ${WRITERS} clients post; from the decision just before the commit to the client`
  const delay = (name: string, pick: (heard: Heard) => number) =>
    rowOf(
      {
        name: `change → subscriber ${name}`,
        store,
        a: away ? `${who}, on another server than the writers` : 'there is no other server',
        b: `${who}, on the server that is written to`,
        unit: 'ms',
        note: 'Without Redis a second server looks for changes every 250 ms.',
      },
      compare(
        nearby.heard.map((heard, round) => ({
          a: away ? pick(away.heard[round]!) : Number.NaN,
          b: pick(heard),
        })),
      ),
    )
  return [
    delay('p50', ({ p50Ms }) => p50Ms),
    delay('p99', ({ p99Ms }) => p99Ms),
    rowOf(
      {
        name: 'memory a subscriber',
        store,
        a: 'what the server’s process holds more with them, by subscriber',
        b: 'what its heap of JavaScript holds more after collecting, by subscriber',
        unit: 'bytes',
      },
      compare([{ a: nearby.weight.residentBytes, b: nearby.weight.heapBytes }]),
    ),
  ]
}

interface Weight {
  readonly residentBytes: number
  readonly heapBytes: number
}

async function weigh(server: ServerProcess, token: string): Promise<Weight> {
  const { benchHeap } = await ask<{ benchHeap: number }>(server.url, { token, query: HEAP })
  return { heapBytes: benchHeap, residentBytes: await residentBytes(server.pid) }
}

function perSubscriber(before: Weight, after: Weight, subscribers: number): Weight {
  return {
    residentBytes: (after.residentBytes - before.residentBytes) / subscribers,
    heapBytes: (after.heapBytes - before.heapBytes) / subscribers,
  }
}
