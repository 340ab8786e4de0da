import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../../test/support/free-port.js'
import { manualTimers } from '../../../../test/support/manual-timers.js'
import { hasRedis, type RedisServer, startRedis } from '../../../../test/support/redis.js'
import { systemTimers, type Timers } from '../clock/timers.js'
import type { WalletChange } from './change-news.js'
import { openRedisNews } from './open-redis-news.js'

/** One server's end, with everything it heard and said. */
function openEnd(url: string, { timers = systemTimers, databaseId = 'one' } = {} as EndOptions) {
  const logs: { level: string; message: string; reason: unknown }[] = []
  const heard: WalletChange[] = []
  let gaps = 0
  const say = (level: string) => (details: object, message: string) => {
    logs.push({ level, message, reason: (details as { reason?: unknown }).reason })
  }
  const news = openRedisNews({
    url,
    databaseId,
    timers,
    log: { info: say('info'), warn: say('warn'), error: say('error') } as never,
  })
  news.listen({
    onChanges: (changes) => void heard.push(...changes),
    onGap() {
      gaps += 1
    },
  })
  onTestFinished(() => news.close())
  return { news, logs, heard, gaps: () => gaps }
}
interface EndOptions {
  readonly timers?: Timers
  readonly databaseId?: string
}

describe('a Redis that is not there', () => {
  it('is said once, and tried again with ever longer pauses', async () => {
    const time = manualTimers()
    const { news, logs } = openEnd(`redis://127.0.0.1:${await freePort()}`, { timers: time.timers })
    for (const waiting of [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
      await expect.poll(() => time.isWaiting(waiting)).toBe(true)
      time.fire({ waiting })
    }
    expect(logs).toHaveLength(1)
    expect(logs[0]).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('POINTWELL_REDIS_URL'),
      reason: expect.stringContaining('ECONNREFUSED'),
    })
    expect(news.isLive()).toBe(false)
    news.tell([{ wallet: 1, version: 1 }])
    expect(news.counts()).toMatchObject({ told: 0, dropped: 1 })
  })

  it('is given up when it takes connections and never says a word', async () => {
    const sockets = new Set<Socket>()
    const server = await silentServer((socket) => sockets.add(socket))
    const time = manualTimers()
    const { logs } = openEnd(server.url, { timers: time.timers })
    await expect.poll(() => sockets.size).toBe(2)
    for (let i = 0; i < 5; i += 1) time.tick()
    expect(logs.map(({ reason }) => reason)).toEqual(['Redis has not answered for 4 s'])
    // Nothing of the attempt is left open.
    await expect.poll(() => [...sockets].every((socket) => socket.destroyed)).toBe(true)
    time.fire({ waiting: 250 })
    await expect.poll(() => sockets.size).toBe(4)
  })

  it('lets go at once of a connection that is being made', async () => {
    const sockets = new Set<Socket>()
    const server = await silentServer((socket) => sockets.add(socket))
    const { news } = openEnd(server.url, { timers: manualTimers().timers })
    await news.close()
    await expect.poll(() => [...sockets].every((socket) => socket.destroyed)).toBe(true)
  })

  it('cannot be at every address', () => {
    expect(() => openEnd('redis://user:secret@:99999')).toThrow(/^Expected redis:/)
  })
})

describe.skipIf(!hasRedis({ ofOurOwn: true }))('news by Redis', () => {
  let redis: RedisServer
  beforeEach(async () => {
    redis = await startRedis()
  })
  afterEach(() => redis.stop())

  const live = async (...ends: ReturnType<typeof openEnd>[]) => {
    for (const { news } of ends) await expect.poll(news.isLive).toBe(true)
  }

  it('comes to the other servers of the database, and to nobody else', async () => {
    const [here, there] = [openEnd(redis.url), openEnd(redis.url)]
    const elsewhere = openEnd(redis.url, { databaseId: 'two' })
    await live(here, there, elsewhere)
    here.news.tell([{ wallet: 7, version: 3 }])
    await expect.poll(() => there.heard).toEqual([{ wallet: 7, version: 3 }])
    elsewhere.news.tell([{ wallet: 8, version: 1 }])
    await expect.poll(() => elsewhere.news.counts().told).toBe(1)
    expect([here.heard, elsewhere.heard]).toEqual([[], []])
    expect(there.heard).toHaveLength(1)
    expect(here.logs.map(({ level }) => level)).toEqual(['info'])
  })

  it('goes in one message, whatever was committed together', async () => {
    const channel = await redis.listen('pointwell:news:one')
    onTestFinished(() => channel.close())
    const here = openEnd(redis.url)
    await live(here)
    for (let wallet = 1; wallet <= 100; wallet += 1) {
      here.news.tell([
        { wallet, version: 1 },
        { wallet, version: 2 },
      ])
    }
    const told = () => channel.heard.filter((text) => JSON.parse(text).length > 1)
    await expect.poll(told).toHaveLength(1)
    expect(JSON.parse(told()[0]!).slice(1, 7)).toEqual([1, 2, 2, 2, 3, 2])
  })

  it('counts what nobody of ours can have written, and goes on', async () => {
    const [here, there] = [openEnd(redis.url), openEnd(redis.url)]
    await live(here, there)
    const channel = await redis.listen('pointwell:news:one')
    onTestFinished(() => channel.close())
    for (const text of ['', 'nonsense', '["x",1]', '{"a":1}', `"${'x'.repeat(500_000)}"`]) {
      await channel.say(text)
    }
    here.news.tell([{ wallet: 1, version: 1 }])
    await expect.poll(() => there.heard).toHaveLength(1)
    expect(there.news.counts()).toMatchObject({ unreadable: 5, heard: 1 })
    expect(there.news.isLive()).toBe(true)
  })

  it('is said to be gone when Redis is killed, and to be back when it comes back', async () => {
    const [here, there] = [openEnd(redis.url), openEnd(redis.url)]
    await live(here, there)
    const before = there.gaps()
    await redis.kill()
    // Each end notices for itself.
    for (const { news } of [here, there]) await expect.poll(news.isLive).toBe(false)
    expect(there.gaps()).toBe(before + 1)
    here.news.tell([{ wallet: 1, version: 1 }])
    expect(here.news.counts().dropped).toBe(1)
    await redis.restart()
    await live(here, there)
    expect(there.gaps()).toBe(before + 2)
    here.news.tell([{ wallet: 1, version: 2 }])
    await expect.poll(() => there.heard).toEqual([{ wallet: 1, version: 2 }])
    expect(there.logs.map(({ level }) => level)).toEqual(['info', 'warn', 'info'])
  })

  it('drops what a Redis that hangs does not take, and holds nobody up', async () => {
    const time = manualTimers()
    const here = openEnd(redis.url, { timers: time.timers })
    await live(here)
    redis.hang()
    onTestFinished(() => redis.wake())
    // One message is under way; then as many wallets wait as may.
    here.news.tell([{ wallet: 0, version: 1 }])
    await new Promise((resolve) => setImmediate(resolve))
    const total = 200_000
    for (let wallet = 1; wallet <= total; wallet += 1) here.news.tell([{ wallet, version: 1 }])
    expect(here.news.counts().dropped).toBe(total - 10_000)
    time.tick()
    time.tick()
    expect(here.news.isLive()).toBe(false)
    for (let i = 0; i < 3; i += 1) time.tick()
    // Given up, and what waited with it.
    expect(here.logs.at(-1)?.reason).toBe('Redis has not answered for 4 s')
    expect(here.news.counts().dropped).toBeGreaterThanOrEqual(total)
    redis.wake()
    time.fire({ waiting: 250 })
    await live(here)
  })

  it('is not live for who may hear and not speak', async () => {
    const admin = await redis.listen('nothing')
    onTestFinished(() => admin.close())
    await admin.command('ACL', 'SETUSER', 'deaf', 'on', '>pw', 'allchannels', '+subscribe')
    const { news, logs } = openEnd(redis.url.replace('redis://', 'redis://deaf:pw@'))
    await expect.poll(() => logs.length).toBe(1)
    expect(logs[0]!.reason).toMatch(/NOPERM/)
    expect(news.isLive()).toBe(false)
  })

  it('says why a password is not taken, and not the password', async () => {
    const { logs } = openEnd(redis.url.replace('redis://', 'redis://ada:hunter2@'))
    await expect.poll(() => logs.length).toBe(1)
    expect(logs[0]!.reason).toMatch(/WRONGPASS/)
    expect(JSON.stringify(logs)).not.toContain('hunter2')
  })
})

/** Takes connections and says nothing. */
async function silentServer(onSocket: (socket: Socket) => void): Promise<{ url: string }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {})
    socket.resume()
    onSocket(socket)
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  onTestFinished(() => void server.close())
  return { url: `redis://127.0.0.1:${port}` }
}
