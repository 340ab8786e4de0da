import { createHash } from 'node:crypto'
import { createClient } from 'graphql-ws'
import { Arg, Extensions, ID, Int, Mutation, Query, Resolver } from 'type-graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { openTestGateway } from '../../../../test/support/test-gateway.js'
import { type KnownOperation, KnownOperationFault } from './known-operations.js'
import { openPersistedOperations } from './open-persisted-operations.js'

@Resolver()
class Sample {
  @Extensions({ access: ['anyone'] })
  @Query(() => [Int])
  numbers(@Arg('first', () => Int) first: number): number[] {
    return [first]
  }

  @Extensions({ access: ['member'] })
  @Query(() => String)
  secret(): string {
    return 'hidden'
  }

  @Extensions({ access: ['anyone'] })
  @Mutation(() => ID)
  change(@Arg('id', () => ID) id: string): string {
    return id
  }
}

const NUMBERS = 'query ($n: Int!) { numbers(first: $n) }'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const persisted = (hash: unknown, version: unknown = 1) => ({
  persistedQuery: { version, sha256Hash: hash },
})
const NOT_FOUND = [
  { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
]

interface Sent {
  query?: unknown
  variables?: Record<string, unknown>
  extensions?: unknown
}

async function open(options: Partial<Parameters<typeof openTestGateway>[0]> = {}) {
  const gateway = await openTestGateway({ resolvers: [Sample], ...options })
  const answerOf = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as {
      data?: unknown
      errors?: { message: string; extensions: { code: string } }[]
    }),
  })
  const post = async (sent: Sent, headers: Record<string, string> = {}) =>
    answerOf(
      await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(sent),
      }),
    )
  const get = async (sent: Sent, more: [string, string][] = []) => {
    const parameters = new URLSearchParams(more)
    for (const [name, value] of Object.entries(sent)) {
      parameters.append(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
    return answerOf(
      await fetch(`${gateway.url}/graphql?${parameters}`, {
        headers: { 'apollo-require-preflight': '1' },
      }),
    )
  }
  const client = createClient({
    url: gateway.socketUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  })
  onTestFinished(() => void client.dispose())
  const overSocket = ({ query = '', variables, extensions }: Sent) =>
    new Promise<{ data?: unknown; errors?: unknown }>((resolve) => {
      let answer = {}
      client.subscribe(
        { query: query as string, variables, extensions: extensions as Record<string, unknown> },
        {
          next: (result) => {
            answer = result
          },
          error: (errors) => resolve({ errors }),
          complete: () => resolve(answer),
        },
      )
    })
  return { ...gateway, post, get, overSocket }
}

describe('A7: operations by their hash, as Apollo’s clients send them', () => {
  const extensions = persisted(sha256(NUMBERS))
  const variables = { n: 3 }

  it('are asked for once, and then known over POST, GET and sockets', async () => {
    const { post, get, overSocket } = await open()
    for (const send of [post, get, overSocket]) {
      expect(await send({ extensions, variables })).toMatchObject({ errors: NOT_FOUND })
    }
    expect(await post({ query: NUMBERS, extensions, variables })).toMatchObject({
      status: 200,
      data: { numbers: [3] },
    })
    for (const send of [post, get, overSocket]) {
      expect(await send({ extensions, variables: { n: 4 } })).toMatchObject({
        data: { numbers: [4] },
      })
    }
  })

  it.each(['get', 'overSocket'] as const)('are taken in by %s too', async (how) => {
    const server = await open()
    expect(await server[how]({ query: NUMBERS, extensions, variables })).toMatchObject({
      data: { numbers: [3] },
    })
    for (const send of [server.post, server.get, server.overSocket]) {
      expect(await send({ extensions, variables })).toMatchObject({ data: { numbers: [3] } })
    }
  })

  it('are not taken in under a hash of something else', async () => {
    const { post, get, overSocket } = await open()
    const evil = { query: 'mutation { change(id: "all") }', extensions, variables }
    for (const send of [post, get, overSocket]) {
      const { data, errors } = await send(evil)
      expect(data).toBeUndefined()
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
      expect(await send({ extensions, variables })).toMatchObject({ errors: NOT_FOUND })
    }
  })

  it.each<[string, unknown]>([
    ['no hash', persisted(undefined)],
    ['a number', persisted(5)],
    ['an object', persisted({ toString: 'x' })],
    ['a hash of another kind', persisted('d41d8cd98f00b204e9800998ecf8427e')],
    ['a hash in capitals', persisted(sha256(NUMBERS).toUpperCase())],
    ['a hash with more behind it', persisted(`${sha256(NUMBERS)}\n`)],
    ['a key of every object', persisted('__proto__')],
    ['another version', persisted(sha256(NUMBERS), 2)],
    ['no version', persisted(sha256(NUMBERS), null)],
    ['no object', { persistedQuery: 'x' }],
    ['a list', { persistedQuery: [1] }],
  ])('are refused clearly with %s', async (_what, extensions) => {
    const { post, get, overSocket } = await open()
    for (const send of [post, get, overSocket]) {
      for (const query of [undefined, NUMBERS]) {
        const { data, errors } = await send({ ...(query && { query }), extensions, variables })
        expect(data).toBeUndefined()
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
      }
    }
  })

  it('are checked like any other, and only kept when they may run', async () => {
    const { post, overSocket } = await open({ limits: { cost: 50, depth: 2, textCharacters: 9 } })
    const refused: [string, object, string][] = [
      ['{ numbers', {}, 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
      [NUMBERS, {}, 'BAD_USER_INPUT'],
      ['mutation { change(id: "0123456789") }', {}, 'LIMIT_EXCEEDED'],
    ]
    for (const [query, variables, code] of refused) {
      for (const send of [post, overSocket]) {
        const extensions = persisted(sha256(query))
        const sent = { query, variables: variables as Record<string, unknown>, extensions }
        expect((await send(sent)).errors).toMatchObject([{ extensions: { code } }])
        expect(await send({ extensions })).toMatchObject({ errors: NOT_FOUND })
      }
    }
  })

  it('give nobody what is not theirs', async () => {
    const { post, overSocket, token } = await open()
    const query = '{ secret }'
    const extensions = persisted(sha256(query))
    const authorization = `Bearer ${await token('member')}`
    expect(await post({ query, extensions }, { authorization })).toMatchObject({
      data: { secret: 'hidden' },
    })
    for (const send of [post, overSocket]) {
      expect((await send({ extensions })).errors).toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED' } },
      ])
    }
  })

  it('change nothing by GET', async () => {
    const { post, get } = await open()
    const query = 'mutation { change(id: "1") }'
    const extensions = persisted(sha256(query))
    expect((await get({ query, extensions })).status).toBe(405)
    expect(await post({ query, extensions })).toMatchObject({ data: { change: '1' } })
    expect((await get({ extensions })).status).toBe(405)
  })

  it('take the same limits of length as texts do, and a flood of unknown ones leaves nothing', async () => {
    const { post } = await open({ limits: { queryCharacters: 100 } })
    const long = `{ numbers(first: 1) } # ${'x'.repeat(100)}`
    expect((await post({ query: long, extensions: persisted(sha256(long)) })).errors).toMatchObject(
      [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    )
    await post({ query: NUMBERS, extensions, variables })
    for (let n = 0; n < 300; n += 1) {
      expect((await post({ extensions: persisted(sha256(`${n}`)) })).errors).toEqual(NOT_FOUND)
    }
    expect(await post({ extensions, variables })).toMatchObject({ data: { numbers: [3] } })
  })

  it('are kept within bounds, the newest of them', () => {
    const operations = openPersistedOperations()
    const text = (n: number) => `${n}`.padEnd(50_000, ' ')
    for (let n = 0; n < 500; n += 1) operations.keep(sha256(text(n)), text(n))
    const kept = Array.from({ length: 500 }, (_, n) => operations.findText(sha256(text(n))))
    const characters = kept.reduce((sum, it) => sum + (it?.length ?? 0), 0)
    expect(characters).toBeLessThanOrEqual(8_388_608)
    expect([kept.at(0), kept.at(-1)]).toEqual([undefined, text(499)])
  })
})

describe('A7: a server that answers known operations only', () => {
  const known: KnownOperation[] = [
    { id: 'numbers-1', text: NUMBERS, from: 'manifest.json' },
    {
      text: `# Of the shop's page.
        query Secret { secret }
        mutation Change($id: ID!) { change(id: $id) }`,
      from: 'page.graphql',
    },
  ]
  const variables = { n: 3 }
  const data = { numbers: [3] }

  it('answers them by id, by hash and by their text, over POST, GET and sockets', async () => {
    const { post, get, overSocket } = await open({ knownOperations: known })
    for (const send of [post, get, overSocket]) {
      for (const sent of [
        { extensions: persisted('numbers-1') },
        { extensions: persisted(sha256(NUMBERS)) },
        { query: NUMBERS },
        { query: `  query($n:Int!){\n\n numbers(first:$n) }# like this`, variables },
        { query: NUMBERS, extensions: persisted(sha256(NUMBERS)) },
      ]) {
        expect(await send({ ...sent, variables })).toMatchObject({ data })
      }
    }
    const one = 'mutation Change($id: ID!) {\n  change(id: $id)\n}'
    for (const sent of [{ query: one }, { extensions: persisted(sha256(one)) }]) {
      expect(await post({ ...sent, variables: { id: '1' } })).toMatchObject({
        data: { change: '1' },
      })
    }
  })

  it('answers no others, and takes none in', async () => {
    const { post, get, overSocket } = await open({ knownOperations: known })
    const other = 'query ($n: Int!) { numbers(first: $n) other: numbers(first: $n) }'
    const extensions = persisted(sha256(other))
    for (const send of [post, get, overSocket]) {
      for (const sent of [{ query: other }, { query: other, extensions }, { query: '{ numbers' }]) {
        const { data, errors } = await send({ ...sent, variables })
        expect(data).toBeUndefined()
        expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_NOT_KNOWN' } }])
      }
      for (const id of [sha256(other), '__proto__', 'constructor']) {
        expect(await send({ extensions: persisted(id), variables })).toMatchObject({
          errors: NOT_FOUND,
        })
      }
      for (const id of ['x'.repeat(201), { a: 1 }, null]) {
        expect((await send({ extensions: persisted(id) })).errors).toMatchObject([
          { extensions: { code: 'BAD_REQUEST' } },
        ])
      }
    }
  })

  it('is not talked round by the same word said twice', async () => {
    const { get, post, url } = await open({ knownOperations: known })
    const other = '{ numbers(first: 1) }'
    for (const more of [
      [
        ['query', NUMBERS],
        ['query', other],
      ],
      [
        ['query', other],
        ['query', NUMBERS],
      ],
    ] as [string, string][][]) {
      expect((await get({}, more)).data).toBeUndefined()
    }
    for (const query of [[other], { kind: 'Document' }, '', null, 5]) {
      expect((await post({ query })).data).toBeUndefined()
    }
    for (const search of [
      `%71uery=${encodeURIComponent(other)}`,
      `query=%7b+numbers(first:1)%7d`,
    ]) {
      const headers = { 'apollo-require-preflight': '1' }
      const response = await fetch(`${url}/graphql?${search}`, { headers })
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'OPERATION_NOT_KNOWN' } }],
      })
    }
  })

  it('does not start with operations that it could not answer, and says which', async () => {
    const faultsOf = (knownOperations: KnownOperation[]) =>
      open({ knownOperations, limits: { queryCharacters: 200, depth: 1 } }).then(
        () => [],
        (fault) => (fault instanceof KnownOperationFault ? fault.faults : [String(fault)]),
      )
    expect(await faultsOf([])).toEqual(['there are none'])
    const faults = await faultsOf([
      { text: '{ nothing }', from: 'a.graphql' },
      { text: '{ numbers(', from: 'b.graphql' },
      { text: 'fragment F on Query { secret }', from: 'c.graphql' },
      { text: `{ secret } # ${'x'.repeat(200)}`, from: 'd.graphql' },
      { text: '{ __schema { types { name } } }', from: 'e.graphql' },
      { id: '1', text: '{ secret }', from: 'f.json' },
      { id: '1', text: NUMBERS, from: 'g.json' },
    ])
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining(['a.graphql', 'b.graphql', 'c.graphql', 'd.graphql', 'e.graphql']),
    )
    expect(faults.at(-1)).toBe('g.json: the id 1 stands for two')
  })
})
