import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { getProgrammeId } from '@pointwell/program'
import { afterEach, describe, expect, it } from 'vitest'
import { hasMysql } from '../support/databases.js'
import { freePort } from '../support/free-port.js'
import { onePoint } from '../support/one-point.js'
import { hasRedis, openRedis, type RedisServer, startRedis } from '../support/redis.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const MEMBERS = ['m-1', 'm-2', 'm-3']
const FOLLOW = `subscription ($id: ID!) {
  balanceChanged(memberId: $id, after: "0") { version balance { available } }
}`
/** So seldom that what comes at all came by news. */
const SELDOM_MS = 600_000

interface Change {
  readonly version: string
  readonly balance: { readonly available: number }
}

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const it of open.splice(0).reverse()) await it.close()
})

/** Two servers of one database: changes are written here and followed there. */
async function startServers(options: { redisUrl: string; pollMs?: number }) {
  const store = hasMysql() ? 'mysql' : 'sqlite'
  const here = keep(await startTestServer({ store, jobs: false, ...options }))
  const { databaseUrl, time } = here
  const there = keep(await startTestServer({ databaseUrl, time, jobs: false, ...options }))
  const token = await here.token('storefront')
  const wallets = new Map<string, number>()
  for (const id of MEMBERS) {
    await here.ask(`mutation { registerMember(input: { id: "${id}" }) { __typename } }`, { token })
    wallets.set(id, (await here.program.members.find(id))!.wallet)
  }
  return {
    here,
    there,
    /** Grants one point; answers when it is durable. */
    post: (id: string, server = here) =>
      server.ledger.post(onePoint(wallets.get(id)!, randomUUID())),
    wallets,
  }
}

function keep(server: TestServer): TestServer {
  open.push(server)
  return server
}

/** Every change of a member as one server sends it, from the first on. */
async function follow(server: TestServer, id: string) {
  const client = server.subscriber(await server.token('storefront'))
  open.push({ close: () => client.dispose() })
  const changes: Change[] = []
  client.subscribe<{ balanceChanged: Change }>(
    { query: FOLLOW, variables: { id } },
    {
      next: ({ data }) => void (data && changes.push(data.balanceChanged)),
      error: () => {},
      complete: () => {},
    },
  )
  return {
    seen: () => changes.map(({ version, balance }) => [Number(version), balance.available]),
  }
}

/** Version n has n points: each once and in order. */
const upTo = (count: number) => Array.from({ length: count }, (_, i) => [i + 1, i + 1])

const newsOf = async ({ url }: TestServer) => {
  const response = await fetch(`${url}/readyz`)
  const { checks } = (await response.json()) as { checks: { news?: string } }
  return [response.status, checks.news]
}

const untilLive = async (...servers: TestServer[]) => {
  for (const server of servers) {
    await expect.poll(() => newsOf(server)).toEqual([200, 'ok'])
  }
}

const figure = async ({ url }: TestServer, name: string) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^pointwell_${name} (\\d+)$`, 'm').exec(text)?.[1])
}

const saidAway = ({ logs }: TestServer) =>
  logs.filter(({ msg }) => String(msg).startsWith('POINTWELL_REDIS_URL')).length

describe('A5 L11: without a Redis', () => {
  it('servers start, serve, say so once, and find what others wrote by looking', async () => {
    const redisUrl = `redis://127.0.0.1:${await freePort()}`
    const { here, there, post } = await startServers({ redisUrl, pollMs: 25 })
    const live = await follow(there, 'm-1')
    for (let i = 0; i < 30; i += 1) {
      await post('m-1')
      await wait(50)
    }
    await expect.poll(live.seen).toEqual(upTo(30))
    // Tried three times or so by now.
    await expect.poll(() => [saidAway(here), saidAway(there)]).toEqual([1, 1])
    expect(await newsOf(there)).toEqual([200, 'away'])
    expect(await figure(there, 'news_live')).toBe(0)
    await expect.poll(() => figure(here, 'news_dropped_total')).toBe(30)
  })

  it('an address that cannot be one is an error at the start', async () => {
    await expect(startTestServer({ redisUrl: 'http://localhost' })).rejects.toThrow(
      'Expected redis://',
    )
  })
})

describe.skipIf(!hasRedis())('A5 L11: with a Redis', () => {
  const startOne = async () => {
    const redis = await openRedis()
    open.push({ close: redis.stop })
    return redis
  }

  it('a change is on the other server at once, however seldom that looks', async () => {
    const redis = await startOne()
    const { here, there, post } = await startServers({ redisUrl: redis.url, pollMs: SELDOM_MS })
    const stranger = keep(await startTestServer({ redisUrl: redis.url, jobs: false }))
    await untilLive(here, there, stranger)
    const live = await Promise.all(MEMBERS.map((id) => follow(there, id)))
    await expect.poll(() => figure(there, 'wallet_followers')).toBe(3)
    for (let i = 0; i < 40; i += 1) await Promise.all(MEMBERS.map((id) => post(id)))
    for (const { seen } of live) await expect.poll(seen).toEqual(upTo(40))
    // Both ways, and the programme beside them has heard nothing of it.
    await post('m-1', there)
    await post('m-1', here)
    await expect.poll(live[0]!.seen).toEqual(upTo(42))
    await expect.poll(() => figure(here, 'news_heard_total')).toBe(1)
    expect(await figure(stranger, 'news_heard_total')).toBe(0)
    expect(await figure(here, 'news_live')).toBe(1)
  })

  it('news that is forged, malformed or doubled changes nothing', async () => {
    const redis = await startOne()
    const { here, there, post, wallets } = await startServers({ redisUrl: redis.url, pollMs: 25 })
    await untilLive(here, there)
    const channel = await redis.listen(`pointwell:news:${await getProgrammeId(here.database)}`)
    open.push(channel)
    const live = await Promise.all(MEMBERS.map((id) => follow(there, id)))
    const wallet = wallets.get('m-1')!
    const lies = [
      '',
      'x',
      '{"balance": 1000000}',
      '["x", "1", 2]',
      JSON.stringify(['x', wallet, 3]),
      JSON.stringify(['x', wallet, Number.MAX_SAFE_INTEGER]),
      JSON.stringify(['x', wallet, 0]),
      JSON.stringify(['x', ...[...wallets.values()].flatMap((id) => [id, 25])]),
      JSON.stringify(['x', 999_999, 1]),
    ]
    for (let i = 0; i < 30; i += 1) {
      const posted = Promise.all(MEMBERS.map((id) => post(id)))
      await channel.say(lies[i % lies.length]!)
      await posted
      // What was really said, once more.
      for (const text of channel.heard.slice(-3)) await channel.say(text)
    }
    for (const { seen } of live) await expect.poll(seen).toEqual(upTo(30))
    await post('m-1')
    await expect.poll(live[0]!.seen).toEqual(upTo(31))
    expect(await figure(there, 'news_unreadable_total')).toBeGreaterThan(0)
    expect(await newsOf(there)).toEqual([200, 'ok'])
    expect(saidAway(there)).toBe(0)
  })
})

describe.skipIf(!hasRedis({ ofOurOwn: true }))('A5: with a Redis that fails', () => {
  const startOne = async (): Promise<RedisServer> => {
    const redis = await startRedis()
    open.push({ close: redis.stop })
    return redis
  }

  it('killed and started again under way, everything comes once and in order', async () => {
    const redis = await startOne()
    const { here, there, post } = await startServers({ redisUrl: redis.url, pollMs: 50 })
    await untilLive(here, there)
    const live = await Promise.all(MEMBERS.map((id) => follow(there, id)))
    const total = 120
    const posting = (async () => {
      for (let i = 0; i < total; i += 1) {
        await Promise.all(MEMBERS.map((id) => post(id, i % 3 === 0 ? there : here)))
        await wait(10)
      }
    })()
    await wait(200)
    await redis.kill()
    await wait(400)
    await expect.poll(() => newsOf(there)).toEqual([200, 'away'])
    await redis.restart()
    await posting
    for (const { seen } of live) await expect.poll(seen).toEqual(upTo(total))
    await untilLive(here, there)
    expect([saidAway(here), saidAway(there)]).toEqual([1, 1])
  })

  it('one that hangs holds no posting up, and what it swallowed is found', async () => {
    const redis = await startOne()
    const { here, there, post } = await startServers({ redisUrl: redis.url, pollMs: 50 })
    await untilLive(here, there)
    const live = await follow(there, 'm-1')
    redis.hang()
    open.push({ close: async () => redis.wake() })
    // Not one answer of Redis comes while these are written.
    for (let i = 0; i < 20; i += 1) await Promise.all([post('m-1'), post('m-2'), post('m-3')])
    await expect.poll(live.seen).toEqual(upTo(20))
    await expect.poll(() => saidAway(here)).toBe(1)
    expect(await newsOf(here)).toEqual([200, 'away'])
    redis.wake()
    await untilLive(here, there)
    await post('m-1')
    await expect.poll(live.seen).toEqual(upTo(21))
  })

  it('a server shuts down at once, whatever its Redis does', async () => {
    const redis = await startOne()
    const { here, there } = await startServers({ redisUrl: redis.url })
    await untilLive(here, there)
    redis.hang()
    open.push({ close: async () => redis.wake() })
    await Promise.all([here.close({ timeoutMs: 500 }), there.close({ timeoutMs: 500 })])
  })
})
