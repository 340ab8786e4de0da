import { createHash } from 'node:crypto'
import { forbidden } from '@pointwell/ledger/graphql'
import fc from 'fast-check'
import { createClient } from 'graphql-ws'
import { Arg, Ctx, Extensions, Int, Mutation, Query, Resolver, Subscription } from 'type-graphql'
import { describe, expect, it } from 'vitest'
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

@Resolver()
class Sample {
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
  { arbitrary: fc.constantFrom(...TEXTS.slice(0, 5)), weight: 5 },
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
              const context = { ...facts }
              opened.add(context)
              return context
            },
          })
        const [short, long] = [await open(), await open()]
        const token = await short.token('member')
        const send = async (
          { url }: typeof short,
          { method, body, accept, language, isMember }: (typeof requests)[number],
        ) => {
          const search = method === 'GET' ? `?${searchOf(body)}` : ''
          const response = await fetch(`${url}/graphql${search}`, {
            method,
            body: method === 'GET' ? null : body,
            headers: {
              accept,
              'accept-language': language,
              'content-type': 'application/json',
              ...(isMember && { authorization: `Bearer ${token}` }),
            },
          })
          const { date, 'x-request-id': id, ...headers } = Object.fromEntries(response.headers)
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
})
