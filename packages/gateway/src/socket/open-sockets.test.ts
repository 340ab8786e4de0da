import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { LedgerContext } from '@pointwell/ledger/graphql'
import { type Client, createClient } from 'graphql-ws'
import { Arg, Ctx, Extensions, Int, Query, Resolver } from 'type-graphql'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { manualTimers } from '../../../../test/support/manual-timers.js'
import { openTestGateway, type TokenWishes } from '../../../../test/support/test-gateway.js'
import { openTestJournal } from '../../../../test/support/test-journal.js'
import { BalanceChangedResolver } from '../feed/balance-changed.resolver.js'
import type { GatewayContext } from '../gateway-context.js'

const START = Date.UTC(2026, 2, 1)
const FOLLOW = `subscription ($memberId: ID, $after: ID) {
  balanceChanged(memberId: $memberId, after: $after) {
    memberId version balance { available } change { id type points title }
  }
}`

@Resolver()
class Sample {
  @Extensions({ access: ['anyone'] })
  @Query(() => String)
  who(@Ctx() { viewer, language }: GatewayContext): string {
    return `${viewer.kind} ${language}`
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => [Int])
  numbers(@Arg('first', () => Int) first: number): number[] {
    if (first === 7) throw new Error('the password is hunter2')
    return [first]
  }
}

interface Closing {
  code: number
  reason: string
}

const closingOf = (event: unknown): Closing => {
  const { code, reason } = event as Closing
  return { code, reason }
}

describe('sockets', () => {
  let now: number
  let journal: ReturnType<typeof openTestJournal>
  let here: ReturnType<ReturnType<typeof openTestJournal>['openServer']>
  let time: ReturnType<typeof manualTimers>
  let gateway: Awaited<ReturnType<typeof openTestGateway>>
  let contexts: number
  /** Members m-1, m-2 … have the wallets 1, 2 … */
  const open = async (options: Partial<Parameters<typeof openTestGateway>[0]> = {}) => {
    gateway = await openTestGateway({
      resolvers: [Sample, BalanceChangedResolver],
      now: () => now,
      timers: time.timers,
      ledger: here.ledger,
      openContext(facts): GatewayContext {
        contexts += 1
        const rest: Partial<GatewayContext> & LedgerContext = {
          findWalletOf: async (id) => (/^m-\d+$/.test(id) ? Number(id.slice(2)) : undefined),
          titleOf: (word) => (facts.language === 'zh' ? `《${word}》` : word),
          ledgerReads: undefined as never,
          now: facts.now,
        }
        return { ...facts, ...rest } as GatewayContext
      },
      ...options,
    })
  }
  beforeEach(async () => {
    now = START
    contexts = 0
    journal = openTestJournal()
    here = journal.openServer()
    time = manualTimers({ now: () => now })
    await open()
  })

  const connect = (connectionParams: Record<string, unknown> = {}, retryAttempts = 0) => {
    const closings: Closing[] = []
    const client: Client = createClient({
      url: gateway.socketUrl,
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts,
      on: { closed: (event) => void closings.push(closingOf(event)) },
    })
    onTestFinished(() => void client.dispose())
    return { client, closings }
  }
  const asMember = async (id: string, wishes: TokenWishes = {}) =>
    connect({
      authorization: `Bearer ${await gateway.token('member', { subject: id, ...wishes })}`,
    })
  /** Everything an operation sends, as it comes. */
  const listen = (client: Client, query: string, variables: Record<string, unknown> = {}) => {
    // biome-ignore lint/suspicious/noExplicitAny: messages of any shape
    const messages: any[] = []
    let over = ''
    // biome-ignore lint/suspicious/noExplicitAny: errors of any shape
    let fault: any
    const stop = client.subscribe(
      { query, variables },
      {
        next: (message) => messages.push(message),
        error: (error) => {
          over = 'error'
          fault = error
        },
        complete: () => {
          over = 'complete'
        },
      },
    )
    return {
      messages,
      stop,
      over: () => over,
      fault: () => fault,
      versions: () => messages.map(({ data }) => Number(data.balanceChanged.version)) as number[],
    }
  }
  const followers = async () =>
    /pointwell_wallet_followers (\d+)/.exec(
      await (await fetch(`${gateway.url}/metrics`)).text(),
    )![1]
  const followed = (count: number) => expect.poll(followers).toBe(String(count))

  describe('A5: balanceChanged', () => {
    it('L11: sends each change in order, with its cursor, as soon as it is posted', async () => {
      const { client } = await asMember('m-1')
      const heard = listen(client, FOLLOW)
      await followed(1)
      here.post(1, 2, 1)
      await expect.poll(heard.versions).toEqual([1, 2])
      expect(heard.messages[1]).toEqual({
        data: {
          balanceChanged: {
            memberId: 'm-1',
            version: '2',
            balance: { available: 2 },
            change: { id: '1-2', type: 'GRANT', points: 1, title: 'purchase' },
          },
        },
      })
    })

    it('sends with the next look what another server posted', async () => {
      const { client } = await asMember('m-1')
      const heard = listen(client, FOLLOW)
      await followed(1)
      journal.elsewhere(1, 1)
      time.tick()
      await expect.poll(heard.versions).toEqual([1, 2])
    })

    it('goes on where it was after a lost connection, on another server too', async () => {
      const first = await asMember('m-1')
      const before = listen(first.client, FOLLOW, { after: '0' })
      await followed(1)
      here.post(1, 1)
      await expect.poll(before.versions).toEqual([1, 2])
      await first.client.terminate()
      await followed(0)
      here.post(1, 1)
      journal.elsewhere(1)

      here = journal.openServer()
      await open()
      const second = await asMember('m-1')
      const after = listen(second.client, FOLLOW, { after: '2' })
      await expect.poll(after.versions).toEqual([3, 4, 5])
      here.post(1)
      await expect.poll(after.versions).toEqual([3, 4, 5, 6])
    })

    it('A6: is for the member itself, and for those who may ask about any', async () => {
      const shop = connect({ token: await gateway.token('storefront') })
      const heard = listen(shop.client, FOLLOW, { memberId: 'm-2', after: 0 })
      await followed(1)
      here.post(2)
      await expect.poll(heard.versions).toEqual([1])

      const codeOf = async (client: Client, variables: Record<string, unknown>) => {
        const refused = listen(client, FOLLOW, variables)
        await expect
          .poll(() => refused.messages.length + (refused.over() ? 1 : 0))
          .toBeGreaterThan(0)
        const [error] = refused.messages[0]?.errors ?? refused.fault()
        return [error.extensions.code, error.extensions.field]
      }
      const member = (await asMember('m-1')).client
      const partner = connect({ token: await gateway.token('partner') }).client
      const nobody = connect().client
      expect(await codeOf(member, { memberId: 'm-2' })).toEqual(['FORBIDDEN', undefined])
      expect(await codeOf(partner, { memberId: 'm-1' })).toEqual(['FORBIDDEN', undefined])
      expect(await codeOf(nobody, { memberId: 'm-1' })).toEqual(['UNAUTHENTICATED', undefined])
      expect(await codeOf(shop.client, {})).toEqual(['BAD_USER_INPUT', 'memberId'])
      expect(await codeOf(shop.client, { memberId: 'none' })).toEqual([
        'BAD_USER_INPUT',
        'memberId',
      ])
    })

    it.each(['5', '-1', '1.5', 'x', '', '9007199254740993', '1e1'])(
      'names `after` when it is no version of the wallet: %j',
      async (after) => {
        here.post(1)
        const { client } = await asMember('m-1')
        const heard = listen(client, FOLLOW, { after })
        await expect.poll(() => heard.messages.length + (heard.over() ? 1 : 0)).toBeGreaterThan(0)
        const [error] = heard.messages[0]?.errors ?? heard.fault()
        expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
      },
    )

    it('makes the context anew for each change, so that nothing old is shown', async () => {
      const { client } = await asMember('m-1')
      const heard = listen(client, FOLLOW)
      await followed(1)
      const before = contexts
      here.post(1, 1, 1)
      await expect.poll(heard.versions).toEqual([1, 2, 3])
      expect(contexts).toBe(before + 3)
    })

    it('ends when the client stops it, while it waits', async () => {
      const { client } = await asMember('m-1')
      const heard = listen(client, FOLLOW)
      await followed(1)
      heard.stop()
      await followed(0)
      expect(heard.over()).toBe('complete')
    })

    it('a client that does not read is cut off alone, and costs no memory meanwhile', async () => {
      await open({ limits: { aliases: 1_000, fields: 5_000 } })
      const quick = listen((await asMember('m-1')).client, FOLLOW)
      const slow = new WebSocket(gateway.socketUrl, 'graphql-transport-ws')
      const slowClosed = new Promise<number>((resolve) => slow.once('close', resolve))
      await new Promise((resolve) => slow.once('open', resolve))
      const token = await gateway.token('member', { subject: 'm-2' })
      slow.send(JSON.stringify({ type: 'connection_init', payload: { token } }))
      await new Promise((resolve) => slow.once('message', resolve))
      // Large ones, so that what fits between two machines is soon full.
      const parts = Array.from(
        { length: 250 },
        (_, i) => `a${i}: change { id title reason recordedAt }`,
      )
      const query = `subscription { balanceChanged { ${parts.join(' ')} } }`
      slow.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
      await followed(2)
      slow.pause()

      const total = 2_000
      for (let i = 0; i < total; i += 50) {
        here.post(...Array.from({ length: 50 }, () => [1, 2]).flat())
        await turn()
      }
      await expect.poll(() => quick.messages.length).toBe(total)
      expect(quick.versions()).toEqual(Array.from({ length: total }, (_, i) => i + 1))
      // For the slow one it was read until the way was full, and no further.
      const readFor = (wallet: number) =>
        Math.max(
          0,
          ...journal.reads.filter((read) => read.wallet === wallet).map((read) => read.after),
        )
      await expect.poll(() => readFor(2)).toBeGreaterThan(0)
      let readBefore = -1
      const isStill = () => {
        const isAsBefore = readFor(2) === readBefore
        readBefore = readFor(2)
        return isAsBefore
      }
      await expect.poll(isStill, { interval: 200 }).toBe(true)
      here.post(1, 2)
      await expect.poll(() => quick.messages.length).toBe(total + 1)
      expect(readFor(2)).toBe(readBefore)
      expect(readBefore).toBeLessThan(total)

      time.fire({ waiting: 30_000 })
      await followed(1)
      slow.resume()
      expect(await slowClosed).toBe(1006)
      expect(gateway.logs.some(({ msg }) => String(msg).includes('does not read'))).toBe(true)
    })
  })

  describe('A6: tokens', () => {
    it('takes the token of the upgrade request too', async () => {
      const authorization = `Bearer ${await gateway.token('storefront')}`
      const client = createClient({
        url: gateway.socketUrl,
        webSocketImpl: class extends WebSocket {
          constructor(url: string, protocol: string) {
            super(url, protocol, { headers: { authorization, 'accept-language': 'zh' } })
          }
        },
        retryAttempts: 0,
      })
      onTestFinished(() => void client.dispose())
      const heard = listen(client, '{ who }')
      await expect.poll(() => heard.messages).toEqual([{ data: { who: 'storefront zh' } }])
    })

    it('tells the language by the connection', async () => {
      const heard = listen(connect({ language: 'zh-CN' }).client, '{ who }')
      await expect.poll(() => heard.messages).toEqual([{ data: { who: 'anonymous zh' } }])
    })

    it.each(['Bearer nonsense', 'nonsense', 5, { a: 1 }])(
      'closes a connection whose token is no good: %j',
      async (authorization) => {
        const { client, closings } = connect({ authorization })
        listen(client, '{ who }')
        await expect.poll(() => closings).toMatchObject([{ code: 4403 }])
        expect(closings[0]!.reason).toMatch(/^Forbidden: /)
      },
    )

    it('ends everything when the token runs out, and the client comes back with another', async () => {
      const closings: Closing[] = []
      const client = createClient({
        url: gateway.socketUrl,
        webSocketImpl: WebSocket,
        retryAttempts: 3,
        retryWait: async () => {},
        connectionParams: async () => ({
          token: await gateway.token('member', { subject: 'm-1', lifeMs: 60_000 }),
        }),
        on: { closed: (event) => void closings.push(closingOf(event)) },
      })
      onTestFinished(() => void client.dispose())
      const heard = listen(client, FOLLOW, { after: '0' })
      await followed(1)
      now += 60_000
      time.fire()
      await turn()
      expect(closings).toEqual([])
      // As much as clocks may differ, it is still good.
      now += 5_000
      time.fire()
      await expect
        .poll(() => closings)
        .toMatchObject([
          { code: 4403, reason: 'Forbidden: the token has run out, come back with a new one' },
        ])
      await followed(1)
      here.post(1)
      await expect.poll(heard.versions).toEqual([1])
    })

    it('begins nothing for a token that has run out, also when its timer is late', async () => {
      const { client, closings } = await asMember('m-1', { lifeMs: 60_000 })
      const open = listen(client, FOLLOW)
      await followed(1)
      now += 66_000
      const late = listen(client, '{ who }')
      await expect.poll(() => closings).toMatchObject([{ code: 4403 }])
      expect(late.messages).toEqual([])
      await followed(0)
      expect(open.messages).toEqual([])
    })
  })

  describe('A7: limits', () => {
    it('allows so many operations at a time on one socket', async () => {
      await open({ limits: { subscriptions: 3 } })
      const { client } = await asMember('m-1')
      for (let i = 0; i < 3; i += 1) listen(client, FOLLOW)
      await followed(3)
      const fourth = listen(client, FOLLOW)
      await expect.poll(fourth.over).toBe('error')
      expect(fourth.fault()[0].extensions).toEqual({
        code: 'LIMIT_EXCEEDED',
        limit: 'subscriptions',
      })
      await followed(3)
    })

    it('keeps to the limits of HTTP, and answers like HTTP', async () => {
      await open({ limits: { depth: 2, cost: 50, queryCharacters: 300, tokens: 60 } })
      const { client } = connect()
      const faultOf = async (query: string, variables: Record<string, unknown> = {}) => {
        const heard = listen(client, query, variables)
        await expect.poll(heard.over).toBe('error')
        return heard.fault()[0].extensions
      }
      const numbers = 'query ($n: Int!) { numbers(first: $n) }'
      expect(
        await faultOf('subscription { balanceChanged { balance { available } } }'),
      ).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'depth' })
      expect(await faultOf(`{ who } # ${'x'.repeat(300)}`)).toMatchObject({
        limit: 'queryCharacters',
      })
      expect(await faultOf(`{ ${'who '.repeat(60)} }`)).toEqual({ code: 'GRAPHQL_PARSE_FAILED' })
      expect(await faultOf('{ whom }')).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
      expect(await faultOf('{ __schema { types { name } } }')).toEqual({
        code: 'GRAPHQL_VALIDATION_FAILED',
      })
      expect(await faultOf(numbers, { n: 1.5 })).toEqual({ code: 'BAD_USER_INPUT', field: 'n' })
      expect(await faultOf(numbers, {})).toEqual({ code: 'BAD_USER_INPUT', field: 'n' })
      expect(await faultOf('query A { who } query B { who }')).toEqual({
        code: 'OPERATION_RESOLUTION_FAILURE',
      })
    })

    it('A7: a message too large is the client’s affair, and no fault', async () => {
      await open({ limits: { bodyBytes: 2_000 } })
      const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws')
      await once(socket, 'open')
      socket.send('x'.repeat(3_000))
      const [code] = await once(socket, 'close')
      expect(code).toBe(1009)
      expect(gateway.logs.filter(({ level }) => Number(level) >= 40)).toEqual([])
    })

    it('A7: guesses at nothing where the schema is not for asking', async () => {
      await open()
      const { client } = connect()
      const heard = listen(client, '{ whom }')
      await expect.poll(heard.over).toBe('error')
      expect(heard.fault()[0].message).toBe('Cannot query field "whom" on type "Query".')
    })

    it('A7: refuses more brackets in brackets than can be read, and is not shaken by it', async () => {
      await open()
      const { client } = connect()
      const heard = listen(client, `{ about(x: ${'{ a: '.repeat(2_400)}1${' }'.repeat(2_400)}) }`)
      await expect.poll(heard.over).toBe('error')
      expect(heard.fault()[0].extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'depth' })
    })

    it('says nothing of its inside', async () => {
      const heard = listen(connect().client, '{ numbers(first: 7) }')
      await expect
        .poll(() => heard.messages)
        .toEqual([
          {
            data: null,
            errors: [
              {
                message: 'Something went wrong on our side.',
                locations: [{ line: 1, column: 3 }],
                path: ['numbers'],
                extensions: { code: 'INTERNAL_SERVER_ERROR' },
              },
            ],
          },
        ])
      expect(JSON.stringify(gateway.logs)).toContain('hunter2')
    })

    it.each<[string, (socket: WebSocket) => void, number]>([
      ['no JSON', (socket) => socket.send('{'), 4400],
      ['bytes', (socket) => socket.send(Buffer.from('{}')), 4400],
      [
        'a message before the greeting',
        (s) => s.send('{"id":"1","type":"subscribe","payload":{"query":"{who}"}}'),
        4401,
      ],
      ['a message too large', (socket) => socket.send('x'.repeat(1_048_577)), 1009],
    ])('closes a socket that sends %s', async (_what, send, code) => {
      const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws')
      const closed = new Promise<number>((resolve) => socket.once('close', resolve))
      await new Promise((resolve) => socket.once('open', resolve))
      send(socket)
      expect(await closed).toBe(code)
      // It harms nobody else.
      const heard = listen(connect().client, '{ who }')
      await expect.poll(() => heard.messages).toHaveLength(1)
    })

    it('drops a client that does not answer to a ping', async () => {
      const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws', { autoPong: false })
      const closed = new Promise<number>((resolve) => socket.once('close', resolve))
      await new Promise((resolve) => socket.once('open', resolve))
      time.tick()
      await new Promise((resolve) => socket.once('ping', resolve))
      time.tick()
      expect(await closed).toBe(1006)
    })
  })

  it('says goodbye when the server goes', async () => {
    const { client, closings } = await asMember('m-1')
    const heard = listen(client, FOLLOW)
    await followed(1)
    await gateway.gateway.close()
    await expect
      .poll(() => closings)
      .toEqual([{ code: 1001, reason: 'Going away: the server is shutting down' }])
    expect(heard.messages).toEqual([])
  })
})
