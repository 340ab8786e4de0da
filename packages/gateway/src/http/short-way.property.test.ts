import { createHash } from 'node:crypto'
import { forbidden } from '@pointwell/ledger/graphql'
import fc from 'fast-check'
import { GraphQLScalarType } from 'graphql'
import { createClient } from 'graphql-ws'
import { Arg, Ctx, Extensions, Int, Mutation, Query, Resolver, Subscription } from 'type-graphql'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { openTestGateway } from '../../../../test/support/test-gateway.js'
import type { GatewayContext } from '../gateway-context.js'

/**
 * The same requests to two gateways. One comes to know them; the other is never sent the same `accept`
 * header twice, so Apollo Server answers each of them, from beginning to end. Nobody can tell the two apart,
 * by answers, figures or logs; only the resolvers can: what they are given as context is what was
 * opened for the request, or Apollo Server's copy of it.
 */

const opened = new WeakSet<object>()
let shortWays = 0
let changes = 0

/** Whatever it is, also what is no JSON. */
const Anything = new GraphQLScalarType({ name: 'Anything', serialize: (value) => value })

@Resolver()
class Sample {
  static release: () => void = () => {}

  /** Waits, and then fails. */
  @Extensions({ access: ['anyone'] })
  @Mutation(() => Int, { nullable: true })
  async waits(): Promise<number> {
    changes++
    await new Promise<void>((resolve) => {
      Sample.release = resolve
    })
    throw new Error('the database is down')
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => String)
  who(@Ctx() context: GatewayContext): string {
    if (opened.has(context)) shortWays++
    const { viewer, language } = context
    return `${viewer.kind} ${language}`
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => [Int])
  numbers(@Arg('first', () => Int) first: number): number[] {
    return Array.from({ length: first }, (_, place) => place)
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => Int, { nullable: true })
  async fails(@Arg('how', () => String) how: string): Promise<number> {
    if (how === 'forbidden') throw forbidden('Not this one.')
    if (how === 'fault') throw new Error('SELECT * FROM secrets failed at 10.0.0.7')
    return how.length
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => Anything)
  odd(@Arg('how', () => String, { nullable: true }) how?: string): unknown {
    return { seven: how === 'fault' ? 7n : 7 }
  }

  @Extensions({ access: ['member'] })
  @Query(() => Int)
  mine(): number {
    return 1
  }

  @Extensions({ access: ['anyone'] })
  @Mutation(() => Int, { nullable: true })
  change(@Arg('how', () => String, { nullable: true }) how?: string): number {
    changes++
    if (how) throw forbidden('Not this one.')
    return 1
  }

  @Extensions({ access: ['anyone'] })
  @Subscription(() => Int, {
    async *subscribe() {
      yield 1
    },
  })
  events(): number {
    return 1
  }
}

const TEXTS = [
  '{ who }',
  'query Numbers($first: Int = 2) { numbers(first: $first) who }',
  'query Fails($how: String!) { fails(how: $how) who }',
  'query Ours($is: Boolean = false) { who mine @include(if: $is) }',
  'query A { who } query B($how: String = "four") { who fails(how: $how) } mutation C { change }',
  'query Odd($how: String) { who odd(how: $how) }',
  'mutation { change }',
  'mutation Change($how: String) { change(how: $how) }',
  '{ who { nothing } }',
  '{ who',
  '{ __schema { queryType { name } } who }',
  '# nothing',
  '',
]
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** What comes often first, what is wrong with it later on. */
const text = fc.oneof(
  { arbitrary: fc.constantFrom(...TEXTS.slice(0, 6)), weight: 5 },
  fc.constantFrom(...TEXTS),
)
const variables = fc.oneof(
  {
    arbitrary: fc.constantFrom<unknown>(
      undefined,
      {},
      { how: 'forbidden' },
      { how: 'fault' },
      { how: 'right', first: 3 },
      { first: 40, how: 'x' },
      { is: true, how: 'right' },
    ),
    weight: 4,
  },
  fc.constantFrom<unknown>(
    null,
    { first: '3' },
    { how: 7 },
    { how: '\u0000' },
    { more: 1 },
    [],
    'x',
    5,
  ),
)
const operationName = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 4 },
  fc.constantFrom<unknown>(null, '', 'A', 'B', 'C', 'Numbers', 'nobody', 5, {}),
)
const body = fc
  .record({
    text,
    variables,
    operationName,
    sent: fc.oneof(
      { arbitrary: fc.constant('text'), weight: 6 },
      fc.constantFrom(
        'hash',
        'both',
        'empty',
        'null',
        'wrong hash',
        'no version',
        'other',
        'a text',
        'none',
      ),
    ),
  })
  .map(({ text, variables, operationName, sent }) => {
    const persistedQuery = { version: 1, sha256Hash: sha256(text) }
    const extensions = {
      text: undefined,
      hash: { persistedQuery },
      both: { persistedQuery },
      empty: { persistedQuery },
      null: { persistedQuery: null },
      'wrong hash': { persistedQuery: { ...persistedQuery, sha256Hash: sha256('other') } },
      'no version': { persistedQuery: { sha256Hash: sha256(text) } },
      other: { clientLibrary: { name: 'a client' } },
      'a text': 'x',
      none: null,
    }[sent]
    const query = sent === 'hash' ? undefined : sent === 'empty' ? '' : text
    return JSON.stringify({ query, variables, operationName, extensions })
  })
const request = fc.record({
  method: fc.constantFrom('POST', 'POST', 'POST', 'POST', 'GET'),
  body: fc.oneof(
    { arbitrary: body, weight: 15 },
    fc.constantFrom('[]', '{}', '5', '[{"query":"{ who }"}]'),
  ),
  accept: fc.oneof(
    { arbitrary: fc.constant<string>('*/*'), weight: 3 },
    fc.constantFrom<string>(
      'application/json',
      'application/graphql-response+json',
      'application/graphql-response+json, application/json;q=0.9',
      'application/json;q=0.1, */*;q=0.5',
      'text/html',
      'text/html, */*;q=0.8',
      'nonsense',
    ),
  ),
  language: fc.constantFrom('en', 'zh'),
  isMember: fc.boolean(),
  requestId: fc.oneof({ arbitrary: fc.constant('fine'), weight: 9 }, fc.constant('has-no-context')),
})

/** What a body says, in an address. */
const searchOf = (body: string) =>
  new URLSearchParams(
    Object.fromEntries(
      Object.entries<unknown>(Object(JSON.parse(body))).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  )

/** Figures of operations and of requests turned away, without times. */
const figures = (metrics: string) =>
  metrics
    .split('\n')
    .filter((line) =>
      /^pointwell_(graphql_operation_duration_seconds_count|rate_limited)/.test(line),
    )
    .sort()

describe('the short way', () => {
  it('cannot be told from the long one', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 60 }), async (requests) => {
        const open = () =>
          openTestGateway({
            resolvers: [Sample],
            now: () => Date.UTC(2026, 2, 1),
            limits: { cost: 30 },
            rates: { anonymous: 60, member: 25 },
            openContext(facts) {
              if (facts.requestId === 'has-no-context') throw forbidden('Not now.')
              const context = { ...facts }
              opened.add(context)
              return context
            },
          })
        const [short, long] = [await open(), await open()]
        const token = await short.token('member')
        const send = async (
          { url }: typeof short,
          { method, body, accept, language, isMember, requestId }: (typeof requests)[number],
        ) => {
          const search = method === 'GET' ? `?${searchOf(body)}` : ''
          const response = await fetch(`${url}/graphql${search}`, {
            method,
            body: method === 'GET' ? null : body,
            headers: {
              accept,
              'accept-language': language,
              'content-type': 'application/json',
              'x-request-id': requestId,
              ...(isMember && { authorization: `Bearer ${token}` }),
            },
          })
          const { date, ...headers } = Object.fromEntries(response.headers)
          return { status: response.status, headers, body: await response.text() }
        }
        const counted = async (answer: ReturnType<typeof send>) => {
          shortWays = 0
          changes = 0
          return { ...(await answer), changes }
        }
        // But the address at which they listen.
        const told = ({ logs }: typeof short) =>
          logs.slice(1).map(({ time, ms, requestId, reqId, err, ...line }) => ({
            ...line,
            fault: (err as { message?: string } | undefined)?.message,
          }))
        const figuresOf = async ({ url }: typeof short) =>
          figures(await (await fetch(`${url}/metrics`)).text())
        try {
          for (const [place, request] of requests.entries()) {
            const answer = await counted(send(short, request))
            taken += shortWays
            const accept = `${request.accept}, x-never/${place}`
            expect(answer).toEqual(await counted(send(long, { ...request, accept })))
            expect(shortWays).toBe(0)
          }
          expect(told(short)).toEqual(told(long))
          expect(await figuresOf(short)).toEqual(await figuresOf(long))
        } finally {
          await Promise.all([short.gateway.close(), long.gateway.close()])
        }
      }),
    )
    expect(taken).toBeGreaterThan(100)
  })

  it('is not there for a subscription that a socket has made known', async () => {
    const { socketUrl, ask } = await openTestGateway({ resolvers: [Sample] })
    await ask('{ who }')
    const client = createClient({ url: socketUrl, webSocketImpl: WebSocket })
    const events: unknown[] = []
    for await (const event of client.iterate({ query: 'subscription { events }' })) {
      events.push(event)
    }
    await client.dispose()
    expect(events).toEqual([{ data: { events: 1 } }])
    const { status, errors } = await ask('subscription { events }')
    expect(status).toBe(400)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
  })

  describe('with something under way', () => {
    const sent = (query: string) => ({
      query,
      extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } },
    })
    const post = async (url: string, body: object) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return (await response.json()) as { data?: unknown; errors?: unknown[] }
    }
    const WAITS = 'mutation { waits }'
    const FAILED = [{ path: ['waits'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]
    /** A gateway that knows the operation, and was sent it again. */
    const openWaiting = async (body: object) => {
      const gateway = await openTestGateway({ resolvers: [Sample] })
      await gateway.ask('{ who }')
      const once = post(gateway.url, sent(WAITS))
      await vi.waitUntil(() => changes === 1)
      Sample.release()
      expect(await once).toMatchObject({ errors: FAILED })
      const again = post(gateway.url, body)
      await vi.waitUntil(() => changes === 2)
      return { ...gateway, again }
    }
    afterEach(() => {
      changes = 0
    })

    it('answers what a hash stood for, also when it has been forgotten meanwhile', async () => {
      const { url, again } = await openWaiting({ ...sent(WAITS), query: undefined })
      const long = (n: number) => sent(`{ who } # ${n} ${'x'.repeat(49_000)}`)
      for (let n = 0; n < 200; n++) await post(url, long(n))
      expect(await post(url, { ...sent(WAITS), query: undefined })).toMatchObject({
        errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      })
      Sample.release()
      expect(await again).toMatchObject({ data: { waits: null }, errors: FAILED })
      expect(changes).toBe(2)
    })

    it('tells of a fault of what was cut off by closing', async () => {
      const { gateway, again, logs } = await openWaiting({ query: WAITS })
      const faults = () =>
        logs.filter(({ msg }) => msg === 'fault').map(({ err }) => (err as Error).message)
      expect(faults()).toEqual(['the database is down'])
      const cutOff = expect(again).rejects.toThrow()
      await gateway.close({ timeoutMs: 1 })
      await cutOff
      Sample.release()
      await vi.waitUntil(() => faults().length === 2)
      expect(faults()[1]).toBe('the database is down')
    })
  })
})
