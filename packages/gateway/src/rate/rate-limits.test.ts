import { once } from 'node:events'
import { type Client, createClient } from 'graphql-ws'
import { Arg, Ctx, Extensions, ID, Int, Mutation, Query, Resolver } from 'type-graphql'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { openTestGateway } from '../../../../test/support/test-gateway.js'
import type { GatewayContext } from '../gateway-context.js'

const START = Date.UTC(2026, 2, 1)

@Resolver()
class Sample {
  @Extensions({ access: ['anyone'] })
  @Query(() => String)
  who(@Ctx() { client }: GatewayContext): string {
    return `${client.kind} ${client.name}`
  }

  @Extensions({ access: ['anyone'] })
  @Mutation(() => Int)
  record(@Arg('lines', () => [ID]) lines: string[]): number {
    return lines.length
  }
}

const RECORD = 'mutation ($lines: [ID!]!) { record(lines: $lines) }'
/** Costs ten each. */
const lines = (count: number) => ({ lines: Array.from({ length: count }, (_, n) => `${n}`) })

describe('A7: rate a client', () => {
  let now: number
  let gateway: Awaited<ReturnType<typeof openTestGateway>>
  const open = async (options: Partial<Parameters<typeof openTestGateway>[0]> = {}) => {
    now = START
    gateway = await openTestGateway({
      resolvers: [Sample],
      now: () => now,
      rates: { anonymous: 6, member: 60, storefront: 0 },
      ...options,
    })
  }
  beforeEach(() => open())
  const member = (subject = 'm-1') => gateway.token('member', { subject })

  describe('over HTTP', () => {
    it('is answered with 429, the seconds to wait, and an error of its own', async () => {
      const token = await member()
      for (let n = 0; n < 60; n += 1) {
        expect((await gateway.ask('{ who }', { token })).status).toBe(200)
      }
      now += 400
      for (const accept of ['application/json', 'application/graphql-response+json']) {
        const answer = await gateway.ask('{ who }', { token, headers: { accept } })
        expect(answer.status).toBe(429)
        expect(answer.headers.get('retry-after')).toBe('1')
        expect(answer.data).toBeUndefined()
        expect(answer.errors).toEqual([
          {
            message: 'Too much was asked for in a short time. Try again in 1 s.',
            extensions: { code: 'RATE_LIMITED', retryAfter: 1 },
          },
        ])
      }
      now += 600
      expect((await gateway.ask('{ who }', { token })).data.who).toBe('member m-1')
      expect((await gateway.ask('{ who }', { token })).status).toBe(429)
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
      expect(metrics).toContain('pointwell_rate_limited_total{kind="member"} 3')
    })

    it('counts what an operation costs, and answers one that costs more than there is', async () => {
      const token = await member()
      const record = (count: number) => gateway.ask(RECORD, { token, variables: lines(count) })
      expect((await record(30)).data).toEqual({ record: 30 })
      // 60 − 300: one more is there after 241 seconds.
      const limited = await record(1)
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '241'])
      now += 240_000
      expect((await record(1)).status).toBe(429)
      now += 1_000
      expect((await record(1)).data).toEqual({ record: 1 })
    })

    it('counts also what comes at once on many connections', async () => {
      const token = await member()
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => gateway.ask(RECORD, { token, variables: lines(30) })),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      for (const { status, headers, errors } of answers.filter(({ status }) => status !== 200)) {
        expect(status).toBe(429)
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(241)
        expect(errors![0].extensions.code).toBe('RATE_LIMITED')
      }
    })

    it('counts by who asks: another token of theirs too, and nobody else', async () => {
      await gateway.ask(RECORD, { token: await member(), variables: lines(30) })
      now += 1
      const again = await gateway.token('member', { subject: 'm-1', lifeMs: 5_000 })
      expect((await gateway.ask('{ who }', { token: again })).status).toBe(429)
      expect((await gateway.ask('{ who }', { token: await member('m-2') })).status).toBe(200)
      expect((await gateway.ask('{ who }')).data.who).toBe('anonymous 127.0.0.1')
    })

    it('leaves a shop’s own servers alone, unless it is told otherwise', async () => {
      const ask = async () => {
        const token = await gateway.token('storefront')
        return (await gateway.ask(RECORD, { token, variables: lines(500) })).status
      }
      for (let n = 0; n < 5; n += 1) expect(await ask()).toBe(200)
      await open({ rates: { storefront: 1_000 } })
      expect([await ask(), await ask()]).toEqual([200, 429])
    })

    it('counts what cannot be run, and bad tokens for their address', async () => {
      const token = await member()
      await gateway.ask(RECORD, { token, variables: lines(6) })
      expect((await gateway.ask('{ nonsense', { token })).status).toBe(429)
      const bad = () => gateway.ask('{ who }', { token: 'nonsense' })
      for (let n = 0; n < 6; n += 1) expect((await bad()).status).toBe(401)
      expect((await bad()).status).toBe(429)
      expect((await gateway.ask('{ who }')).status).toBe(429)
      // Others at the address have good ones.
      expect((await gateway.ask('{ who }', { token: await member('m-2') })).status).toBe(200)
    })

    it('believes an address only where a proxy is trusted', async () => {
      const ask = async (address: string) =>
        (await gateway.ask('{ who }', { headers: { 'x-forwarded-for': address } })).status
      for (let n = 0; n < 6; n += 1) await ask(`203.0.113.${n}`)
      expect(await ask('203.0.113.9')).toBe(429)
      await open({ trustProxy: true })
      for (let n = 0; n < 6; n += 1) expect(await ask(`2001:db8:1:2::${n}`)).toBe(200)
      expect(await ask('2001:db8:1:2:9::1')).toBe(429)
      expect(await ask('2001:db8:1:3::1')).toBe(200)
    })

    it('leaves alone what tells whether the server is well', async () => {
      for (let n = 0; n < 20; n += 1) {
        expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
      }
    })
  })

  describe('over WebSocket', () => {
    const connect = (connectionParams: Record<string, unknown> = {}): Client => {
      const client = createClient({
        url: gateway.socketUrl,
        webSocketImpl: WebSocket,
        connectionParams,
        // One socket from first to last: a greeting counts too.
        lazy: false,
        onNonLazyError: () => {},
        retryAttempts: 0,
      })
      onTestFinished(() => void client.dispose())
      return client
    }
    const run = (client: Client, query: string, variables = {}) =>
      new Promise<unknown>((resolve) => {
        let answer: unknown
        client.subscribe(
          { query, variables },
          {
            next: ({ data }) => {
              answer = data
            },
            error: (fault) => resolve(fault),
            complete: () => resolve(answer),
          },
        )
      })

    it('counts each operation, on whichever socket, together with HTTP', async () => {
      const token = await member()
      const [one, other] = [connect({ token }), connect({ token })]
      expect(await run(one, '{ who }')).toEqual({ who: 'member m-1' })
      expect(await run(other, RECORD, lines(10))).toEqual({ record: 10 })
      // 60 less two greetings, 1 and 100: below zero by 43.
      const limited = [
        {
          message: 'Too much was asked for in a short time. Try again in 44 s.',
          extensions: { code: 'RATE_LIMITED', retryAfter: 44 },
        },
      ]
      expect(await run(one, '{ who }')).toEqual(limited)
      expect(await run(other, '{ who }')).toEqual(limited)
      expect((await gateway.ask('{ who }', { token })).headers.get('retry-after')).toBe('44')
      now += 44_000
      expect(await run(one, '{ who }')).toEqual({ who: 'member m-1' })
    })

    it('sends a client that comes again and again away, to come back later', async () => {
      const greet = async (token?: string) => {
        const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws')
        onTestFinished(() => socket.terminate())
        await once(socket, 'open')
        socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }))
        return Promise.race([
          once(socket, 'message').then(([data]) => JSON.parse(String(data)).type as string),
          once(socket, 'close').then(([code]) => code as number),
        ])
      }
      const answers: unknown[] = []
      for (let n = 0; n < 7; n += 1) answers.push(await greet(n % 2 ? 'nonsense' : undefined))
      expect(answers).toEqual([
        ...['connection_ack', 4403, 'connection_ack', 4403, 'connection_ack', 4403],
        1013,
      ])
      expect(await greet(await member())).toBe('connection_ack')
    })
  })
})
