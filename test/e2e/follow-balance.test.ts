import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createPointwellClient } from '@pointwell/client'
import { systemTimers } from '@pointwell/gateway'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { availableStores, freshSqliteUrl } from '../support/databases.js'
import { atEndOfTest } from '../support/end-of-file.js'
import { hear, openFollowedShop, upTo } from '../support/followed-shop.js'
import { manualTimers } from '../support/manual-timers.js'
import { startServerProcess } from '../support/server-process.js'
import { TEST_SECRET, tokenOf } from '../support/test-gateway.js'
import { startTestServer } from '../support/test-server.js'

async function open(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer({ jobs: false, ...options })
  atEndOfTest(() => server.close())
  const shop = await openFollowedShop({ url: server.url, token: await server.token('storefront') })
  await shop.register('m-1')
  return { server, shop, token: await server.token('member', { subject: 'm-1' }) }
}

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A5 A9: @pointwell/client follows a wallet on %s',
  (store) => {
    it('from how it stands, through cut lines, without a gap or a change told twice', async () => {
      const { shop, token } = await open({ store: store as 'sqlite' })
      await shop.buy('m-1', 2)
      const { moments, versions } = hear(shop.open({ token }))
      const heard = (last: number) => expect.poll(versions).toEqual(upTo(last).slice(2))

      await heard(2)
      expect(moments[0]).toMatchObject({ memberId: 'm-1', balance: { available: 3 }, change: null })
      await shop.buy('m-1', 2)
      await heard(4)
      // Cut in the middle of a run of changes, some of which may be on their way.
      const run = shop.buy('m-1', 6)
      await expect.poll(() => moments.length).toBeGreaterThan(4)
      shop.line.cut()
      await run
      shop.line.mend()
      await heard(10)
      // Cut while nothing happens, and again before it has caught up.
      shop.line.cut()
      await shop.buy('m-1', 3)
      shop.line.mend()
      shop.line.cut()
      await shop.buy('m-1', 1)
      shop.line.mend()
      await shop.buy('m-1', 2)
      await heard(16)

      let available = 3
      for (const { change, balance } of moments.slice(1)) {
        available += change!.points
        expect(balance.available).toBe(available)
        expect(change!.title).not.toBe('')
      }
      expect(available).toBe((16 * 17) / 2)
    })

    it('over a token that runs out, asking for a new one', async () => {
      const time = { now: Date.parse('2026-01-05T12:00:00+08:00') }
      const manual = manualTimers({ now: () => time.now })
      const timers = { ...manual.timers, every: systemTimers.every }
      const { server, shop } = await open({ store: store as 'sqlite', time, timers })
      const wishes: boolean[] = []
      const token = ({ renew }: { renew: boolean }) => {
        wishes.push(renew)
        return server.token('member', { subject: 'm-1', lifeMs: 600_000 })
      }
      const { versions } = hear(shop.open({ token }))
      await expect.poll(versions).toEqual([0])
      for (let turn = 1; turn <= 3; turn += 1) {
        await shop.buy('m-1', 1)
        await expect.poll(versions).toEqual(upTo(turn))
        time.now += 700_000
        manual.fire()
      }
      await shop.buy('m-1', 1)
      await expect.poll(versions).toEqual(upTo(4))
      expect(wishes.filter((renew) => renew)).toHaveLength(3)
    })
  },
)

describe('A9: @pointwell/client follows a wallet', () => {
  it('whatever is bought and cut in whatever order: each version once, in order', async () => {
    const { server, shop } = await open()
    let members = 0
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ buy: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 2, arbitrary: fc.constant('cut' as const) },
      { weight: 2, arbitrary: fc.constant('mend' as const) },
      { weight: 1, arbitrary: fc.constant('breathe' as const) },
      // The shop sells on while the line is cut and mended.
      { weight: 1, arbitrary: fc.record({ meanwhile: fc.integer({ min: 1, max: 4 }) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        members += 1
        const id = `p-${members}`
        shop.line.mend()
        await shop.register(id)
        const token = await server.token('member', { subject: id })
        const client = shop.open({ token })
        const { moments, versions, stop, ended } = hear(client)
        await expect.poll(versions).toEqual([0])

        let sold = 0
        let selling = Promise.resolve()
        const sell = (count: number) => {
          sold += count
          selling = selling.then(() => shop.buy(id, count))
        }
        for (const it of steps) {
          if (it === 'cut') shop.line.cut()
          else if (it === 'mend') shop.line.mend()
          else if (it === 'breathe') await new Promise((resolve) => setImmediate(resolve))
          else if ('meanwhile' in it) sell(it.meanwhile)
          else {
            sell(it.buy)
            await selling
          }
        }
        await selling
        shop.line.mend()
        await expect.poll(() => moments.length, { interval: 5 }).toBeGreaterThan(sold)
        expect(versions()).toEqual(upTo(sold))
        stop.abort()
        await ended
        client.close()
      }),
      { numRuns: 25 },
    )
  })

  it('over a server that is killed and started again', async () => {
    const databaseUrl = await freshSqliteUrl()
    const server = await startServerProcess({
      env: { POINTWELL_DATABASE_URL: databaseUrl, POINTWELL_JWT_SECRET: TEST_SECRET },
    })
    atEndOfTest(() => server.kill())
    const [token, memberToken] = await Promise.all([
      tokenOf('storefront', {}, Date.now()),
      tokenOf('member', { subject: 'm-1' }, Date.now()),
    ])
    const shop = await openFollowedShop({ url: server.url, token })
    await shop.register('m-1')
    const { versions } = hear(shop.open({ token: memberToken }))
    await expect.poll(versions).toEqual([0])
    await shop.buy('m-1', 2)
    await expect.poll(versions).toEqual(upTo(2))
    await server.restart()
    await shop.buy('m-1', 2)
    await expect.poll(versions).toEqual(upTo(4))
  })

  it('from a version that was kept', async () => {
    const { shop, token } = await open()
    await shop.buy('m-1', 5)
    const { versions, moments } = hear(shop.open({ token }), { after: '2' })
    await expect.poll(versions).toEqual([3, 4, 5])
    expect(moments[0]!.change?.points).toBe(3)
  })

  it('of a member, as a storefront', async () => {
    const { server, shop } = await open()
    const { versions } = hear(shop.open({ token: await server.token('storefront') }), {
      memberId: 'm-1',
    })
    await expect.poll(versions).toEqual([0])
    await shop.buy('m-1', 1)
    await expect.poll(versions).toEqual([0, 1])
  })

  it('says whether changes arrive, and why not', async () => {
    const { shop, token } = await open()
    const said: string[] = []
    hear(shop.open({ token }), {
      onLine: (state) => said.push(state.isLive ? 'live' : state.error.code),
    })
    await expect.poll(() => said).toEqual(['live'])
    shop.line.cut()
    await expect.poll(() => said).toEqual(['live', 'CONNECTION_LOST'])
    shop.line.mend()
    await expect.poll(() => said.at(-1)).toBe('live')
  })

  it('until it is told to stop, and then the socket is closed', async () => {
    const { shop, token } = await open()
    const sockets: WebSocket[] = []
    class Watched extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given)
        sockets.push(this)
      }
    }
    const client = shop.open({ token, webSocket: Watched })
    const [one, other] = [hear(client), hear(client)]
    await expect.poll(() => [one.versions(), other.versions()]).toEqual([[0], [0]])
    await shop.buy('m-1', 1)
    await expect.poll(() => [one.versions(), other.versions()]).toEqual([upTo(1), upTo(1)])
    one.stop.abort()
    await one.ended
    await shop.buy('m-1', 1)
    await expect.poll(other.versions).toEqual(upTo(2))
    expect(one.versions()).toEqual(upTo(1))
    // Both went over one.
    expect(sockets.map(({ readyState }) => readyState)).toEqual([WebSocket.OPEN])
    other.stop.abort()
    await other.ended
    await expect.poll(() => sockets[0]!.readyState).toBe(WebSocket.CLOSED)
  })

  it('until the client is closed, also where its socket is not open yet', async () => {
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    atEndOfTest(async () => silent.close())
    const faults: unknown[] = []
    const note = (fault: unknown) => faults.push(fault)
    process.on('uncaughtExceptionMonitor', note)
    atEndOfTest(async () => process.off('uncaughtExceptionMonitor', note))
    const sockets: WebSocket[] = []
    class Watched extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given)
        sockets.push(this)
      }
    }
    const { port } = silent.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/graphql`
    const client = createPointwellClient({ url, webSocket: Watched, token: 'any' })
    const { versions } = hear(client, { after: '0' })
    await expect.poll(() => sockets.map((it) => it.readyState)).toEqual([WebSocket.CONNECTING])
    client.close()
    await expect.poll(() => sockets[0]!.readyState).toBe(WebSocket.CLOSED)
    await new Promise((resolve) => setImmediate(resolve))
    expect(faults).toEqual([])
    expect(versions()).toEqual([])
  })

  it.each<[string, string | undefined, object, object]>([
    ['nobody is signed in', undefined, {}, { code: 'UNAUTHENTICATED' }],
    ['a storefront does not say whose', 'shop', {}, { code: 'FORBIDDEN' }],
    ['a member that nobody registered', 'new', {}, { code: 'BAD_USER_INPUT' }],
    ['the token is none', 'no.to.ken', {}, { code: 'UNAUTHENTICATED', status: 401 }],
    ['the token is none', 'no.to.ken', { after: '0' }, { code: 'UNAUTHENTICATED' }],
    ['nobody is signed in', undefined, { after: '0' }, { code: 'UNAUTHENTICATED' }],
    ['the wallet is another’s', 'mine', { memberId: 'm-2', after: '0' }, { code: 'FORBIDDEN' }],
    [
      'the member is nobody',
      'shop',
      { memberId: 'm-9' },
      { code: 'BAD_USER_INPUT', field: 'memberId' },
    ],
    ['the cursor is none', 'mine', { after: '-1' }, { code: 'BAD_USER_INPUT', field: 'after' }],
  ])(
    'ends with the error where the server refuses for good: %s',
    async (_why, given, options, error) => {
      const { server, shop, token } = await open()
      await shop.register('m-2')
      const tokens: Record<string, string> = {
        mine: token,
        shop: await server.token('storefront'),
        new: await server.token('member', { subject: 'm-8' }),
      }
      const { ended } = hear(shop.open({ token: given && (tokens[given] ?? given) }), options)
      await expect(ended).rejects.toMatchObject({ name: 'PointwellError', ...error })
    },
  )

  it('ends where a new token is refused like the old one', async () => {
    const { shop } = await open()
    const wishes: boolean[] = []
    const token = ({ renew }: { renew: boolean }) => {
      wishes.push(renew)
      return 'no.to.ken'
    }
    const { ended } = hear(shop.open({ token }), { after: '0' })
    await expect(ended).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(wishes).toEqual([false, true])
  })
})
