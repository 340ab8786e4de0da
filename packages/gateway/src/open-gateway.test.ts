import { CommitUnknown, LedgerOverloaded, StoreConflict } from '@pointwell/ledger'
import { DecimalScalar, forbidden, PointsScalar } from '@pointwell/ledger/graphql'
import { getIntrospectionQuery } from 'graphql'
import { serverAudits } from 'graphql-http'
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { processorMs } from '../../../test/support/processor-ms.js'
import { openTestGateway } from '../../../test/support/test-gateway.js'
import type { GatewayContext } from './gateway-context.js'

const NOW = Date.UTC(2026, 2, 1)
type Body = NonNullable<RequestInit['body']>

@ObjectType()
class Node {
  @Field(() => String)
  name!: string

  @Field(() => Node)
  next(): Node {
    return new Node()
  }

  @Field(() => [Node])
  children(@Arg('first', () => Int, { defaultValue: 20 }) first: number): Node[] {
    return Array.from({ length: first }, () => new Node())
  }
}

@InputType()
class LineInput {
  @Field(() => ID)
  id!: string

  @Field(() => PointsScalar)
  points!: number

  @Field(() => DecimalScalar, { nullable: true })
  price?: string
}

@Resolver()
class Sample {
  static release: (() => void) | undefined

  @Extensions({ access: ['anyone'] })
  @Query(() => Node)
  node(): Node {
    return Object.assign(new Node(), { name: 'n' })
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => String)
  who(@Ctx() { viewer, language, requestId }: GatewayContext): string {
    const subject = viewer.kind === 'anonymous' ? '' : `:${viewer.subject}`
    return `${viewer.kind}${subject} ${language} ${requestId}`
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => String)
  about(
    @Ctx() context: GatewayContext,
    @Arg('memberId', () => ID, { nullable: true }) memberId?: string,
  ): string {
    return context.actingFor(memberId)
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => String, { nullable: true })
  fails(@Arg('how', () => String) how: string): string {
    if (how === 'busy') throw new LedgerOverloaded('20000 postings wait already')
    if (how === 'conflict') throw new StoreConflict('rolled back 8 times: deadlock at 10.0.0.7')
    if (how === 'lost') throw new CommitUnknown('the connection to 10.0.0.7 was lost')
    if (how === 'forbidden') throw forbidden('Not this one.')
    throw new Error('SELECT * FROM secrets failed at 10.0.0.7')
  }

  @Extensions({ access: ['anyone'] })
  @Query(() => String)
  async slow(): Promise<string> {
    await new Promise<void>((resolve) => {
      Sample.release = resolve
    })
    return 'done'
  }

  @Extensions({ access: ['anyone'] })
  @Mutation(() => [ID])
  record(@Arg('lines', () => [LineInput]) lines: LineInput[]): string[] {
    return lines.map(({ id }) => id)
  }
}

describe('openGateway', () => {
  let gateway: Awaited<ReturnType<typeof openTestGateway>>
  const open = async (options: Partial<Parameters<typeof openTestGateway>[0]> = {}) => {
    gateway = await openTestGateway({ resolvers: [Sample], now: () => NOW, ...options })
    return gateway
  }
  const send = (init: RequestInit & { path?: string } = {}) => {
    const { path = '/graphql', headers, ...rest } = init
    return fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...rest,
    })
  }
  /** The answer to a body as it is, which must be one clear error. */
  const faultOf = async (body: Body, headers: Record<string, string> = {}) => {
    const accept = 'application/graphql-response+json'
    const response = await send({ body, headers: { accept, ...headers } })
    const answer = (await response.json()) as {
      data?: unknown
      errors: { message: string; extensions: Record<string, unknown> }[]
    }
    expect(answer.data).toBeUndefined()
    expect(answer.errors).toHaveLength(1)
    expect(Object.keys(answer.errors[0]!).sort()).toEqual(
      'locations' in answer.errors[0]!
        ? ['extensions', 'locations', 'message']
        : ['extensions', 'message'],
    )
    expect(answer.errors[0]!.message.length).toBeLessThan(400)
    return { status: response.status, ...answer.errors[0]!.extensions }
  }
  const operation = (query: string, variables?: unknown) => JSON.stringify({ query, variables })

  describe('who is asking', () => {
    beforeEach(() => open())

    it('A6: knows who it is from the token, and nobody without one', async () => {
      const { ask, token } = gateway
      expect((await ask('{ who }')).data.who).toMatch(/^anonymous en /)
      const member = await token('member', { subject: 'm-7' })
      expect((await ask('{ who }', { token: member })).data.who).toMatch(/^member:m-7 en /)
    })

    it('A6: refuses a token that is no good, also for what anyone may see', async () => {
      const { token } = gateway
      const expired = await token('member', { lifeMs: -60_000 })
      const valid = await token('member')
      const tampered = `${valid.slice(0, -2)}${valid.endsWith('A') ? 'BB' : 'AA'}`
      for (const authorization of [
        `Bearer ${expired}`,
        `Bearer ${tampered}`,
        'Bearer nonsense',
        'Bearer',
        `Basic ${valid}`,
        valid,
      ]) {
        const response = await send({ body: operation('{ who }'), headers: { authorization } })
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        expect(await faultOf(operation('{ who }'), { authorization })).toEqual({
          status: 401,
          code: 'UNAUTHENTICATED',
        })
      }
    })

    it('A6: lets a member speak of itself only, and others name whom they mean', async () => {
      const { ask, token } = gateway
      const member = await token('member', { subject: 'm-1' })
      const shop = await token('storefront')
      const partner = await token('partner')
      const other = '{ about(memberId: "m-2") }'
      expect((await ask('{ about }', { token: member })).data.about).toBe('m-1')
      expect((await ask('{ about(memberId: "m-1") }', { token: member })).data.about).toBe('m-1')
      expect((await ask(other, { token: shop })).data.about).toBe('m-2')
      for (const [query, token, code] of [
        [other, member, 'FORBIDDEN'],
        ['{ about(memberId: "") }', member, 'FORBIDDEN'],
        ['{ about }', shop, 'BAD_USER_INPUT'],
        ['{ about(memberId: "") }', shop, 'BAD_USER_INPUT'],
        [other, partner, 'FORBIDDEN'],
        [other, undefined, 'UNAUTHENTICATED'],
      ] as const) {
        expect((await ask(query, { token })).errors).toMatchObject([{ extensions: { code } }])
      }
    })

    it('answers in the language that is asked for', async () => {
      const languageFor = async (path: string, accepted?: string) => {
        const headers: Record<string, string> = accepted ? { 'accept-language': accepted } : {}
        const response = await send({ path, headers, body: operation('{ who }') })
        return ((await response.json()) as { data: { who: string } }).data.who.split(' ')[1]
      }
      expect(await languageFor('/graphql')).toBe('en')
      expect(await languageFor('/graphql', 'zh-CN,zh;q=0.9,en;q=0.8')).toBe('zh')
      expect(await languageFor('/graphql', 'fr, en;q=0.3, zh-Hant;q=0.5')).toBe('zh')
      expect(await languageFor('/graphql', 'zh;q=0, fr')).toBe('en')
      expect(await languageFor('/graphql?language=zh', 'en')).toBe('zh')
      expect(await languageFor('/graphql?language=fr', 'zh')).toBe('zh')
    })

    it('says in the answer under which id it was logged', async () => {
      const { ask } = gateway
      const own = await ask('{ who }', { headers: { 'x-request-id': 'abc-1' } })
      expect(own.headers.get('x-request-id')).toBe('abc-1')
      expect(own.data.who).toContain('abc-1')
      const odd = await ask('{ who }', { headers: { 'x-request-id': 'a b"\\' } })
      expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    })
  })

  describe('bodies', () => {
    beforeEach(() => open())
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

    it.each<[string, Body, Record<string, string>, number, string]>([
      ['invalid UTF-8', bytes('{"query":"{ who(a: \\"\xc3\x28\\") }"}'), {}, 400, 'BAD_REQUEST'],
      ['half a character', bytes('{"query":"{ who } # \xe4\xbd"}'), {}, 400, 'BAD_REQUEST'],
      ['no JSON', '{"query":', {}, 400, 'BAD_REQUEST'],
      ['nothing', '', {}, 400, 'BAD_REQUEST'],
      ['blanks', '  \n', {}, 400, 'BAD_REQUEST'],
      ['a number', '5', {}, 400, 'BAD_REQUEST'],
      ['null', 'null', {}, 400, 'BAD_REQUEST'],
      ['a batch', '[{"query":"{ who }"},{"query":"{ who }"}]', {}, 400, 'BAD_REQUEST'],
      ['no query', '{"variables":{}}', {}, 400, 'BAD_REQUEST'],
      ['a query that is no text', '{"query":{"kind":"Document"}}', {}, 400, 'BAD_REQUEST'],
      ['variables that are a list', '{"query":"{ who }","variables":[1]}', {}, 400, 'BAD_REQUEST'],
      ['another type', 'query=1', { 'content-type': 'text/plain' }, 415, 'BAD_REQUEST'],
      ['a form', 'a=b', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'BAD_REQUEST'],
      [
        'another charset',
        '{"query":"{ who }"}',
        { 'content-type': 'application/json; charset=gbk' },
        415,
        'BAD_REQUEST',
      ],
      [
        '1 MB and more',
        `{"query":"{ who }","x":"${'x'.repeat(1 << 20)}"}`,
        {},
        413,
        'LIMIT_EXCEEDED',
      ],
      ['a syntax error', operation('{ who'), {}, 400, 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', operation('{ whom }'), {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
      [
        'no operation of that name',
        '{"query":"query A { who }","operationName":"B"}',
        {},
        400,
        'OPERATION_RESOLUTION_FAILURE',
      ],
      [
        'JSON nested 100,000 deep',
        `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
        {},
        400,
        'BAD_REQUEST',
      ],
    ])('A7: %s is one clear error', async (_what, body, headers, status, code) => {
      expect(await faultOf(body, headers)).toMatchObject({ status, code })
    })

    it('A7: a request that a foreign page could send by itself is not taken', async () => {
      const simple = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent('{who}')}`)
      expect(simple.status).toBe(400)
      const meant = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent('{who}')}`, {
        headers: { 'apollo-require-preflight': '1' },
      })
      expect(meant.status).toBe(200)
      const change = await fetch(
        `${gateway.url}/graphql?query=${encodeURIComponent('mutation { record(lines: []) }')}`,
        { headers: { 'apollo-require-preflight': '1' } },
      )
      expect(change.status).toBe(405)
    })

    it('A1: keeps to GraphQL over HTTP by its own audit, whole', async () => {
      await open({ introspection: true })
      const audits = serverAudits({
        url: `${gateway.url}/graphql`,
        fetchFn: (url: string, init: RequestInit = {}) =>
          fetch(url, { ...init, headers: { 'apollo-require-preflight': '1', ...init.headers } }),
      })
      const results = await Promise.all(audits.map((audit) => audit.fn()))
      const broken = results.filter((result) => result.status !== 'ok').map((result) => result.name)
      expect(results.length).toBeGreaterThan(50)
      expect(broken).toEqual([])
    })
  })

  it("tells no service of Apollo's who asks what, whatever the environment says", async () => {
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    vi.stubEnv('APOLLO_KEY', 'service:shop:key')
    vi.stubEnv('APOLLO_GRAPH_REF', 'shop@current')
    vi.stubEnv('APOLLO_SCHEMA_REPORTING', 'true')
    const { ask, logs } = await open()
    expect((await ask('{ who }')).data).toMatchObject({ who: expect.any(String) })
    expect(logs.filter(({ msg }) => /apollo|reporting/i.test(`${msg}`))).toEqual([])
  })

  describe('limits', () => {
    const nested = (depth: number) => `${'{ next '.repeat(depth)}{ name }${' }'.repeat(depth)}`

    it('A7: depth, also through fragments', async () => {
      await open({ limits: { depth: 5 } })
      expect(await faultOf(operation(`{ node ${nested(4)} }`))).toEqual({
        status: 400,
        code: 'LIMIT_EXCEEDED',
        limit: 'depth',
      })
      const spread = `{ node { ...a } } fragment a on Node ${nested(2)} `
      expect((await gateway.ask(spread)).errors?.[0].extensions.limit).toBeUndefined()
      const deeper = `{ node { next { ...a } } } fragment a on Node { next { ...b } } fragment b on Node ${nested(2)}`
      expect(await faultOf(operation(deeper))).toMatchObject({ limit: 'depth' })
    })

    it('A7: width, also where few words become many fields', async () => {
      await open({ limits: { fields: 100, aliases: 3 } })
      const wide = `{ ${Array.from({ length: 101 }, () => 'who').join(' ')} }`
      expect(await faultOf(operation(wide))).toMatchObject({ status: 400, limit: 'fields' })
      const bomb = Array.from({ length: 20 }, (_, i) =>
        i === 19
          ? `fragment f${i} on Query { who }`
          : `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`,
      ).join(' ')
      const tookMs = await processorMs(async () => {
        expect(await faultOf(operation(`{ ...f0 } ${bomb}`))).toMatchObject({ limit: 'fields' })
      })
      expect(tookMs).toBeLessThan(2_000)
      const aliases = '{ a: who b: who c: who d: who }'
      expect(await faultOf(operation(aliases))).toMatchObject({ limit: 'aliases' })
      const circle = '{ ...a } fragment a on Query { who ...b } fragment b on Query { ...a }'
      expect(await faultOf(operation(circle))).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' })
    })

    it('A7: operations and fragments of a document, directives, variables', async () => {
      await open({ limits: { definitions: 3, directives: 2, variables: 2 } })
      const limitOf = async (query: string) =>
        ((await faultOf(operation(query))) as { limit?: string }).limit
      const three = 'query a { who } query b { ...c } fragment c on Query { who }'
      const { errors } = await gateway.ask(three, { operationName: 'b' })
      expect(errors).toBeUndefined()
      expect(await limitOf(`${three} query d { who }`)).toBe('definitions')
      const on = '@include(if: true)'
      expect((await gateway.ask(`{ a: who ${on} b: who ${on} }`)).status).toBe(200)
      expect(await limitOf(`{ a: who ${on} b: who ${on} c: who ${on} }`)).toBe('directives')
      // Spread out, and whatever they are.
      const spread = `{ ...c ...c } fragment c on Query { a: who ${on} b: who ${on} }`
      expect(await limitOf(spread)).toBe('directives')
      expect(await limitOf('query @a @b @c { who }')).toBe('directives')
      const two = 'query ($a: String! $b: String!) { fails(how: $a) about(memberId: $b) }'
      expect(await limitOf(two.replace('$a:', '$c: Int $a:'))).toBe('variables')
    })

    it('A7: nothing but its size is said of what is too large', async () => {
      await open({ limits: { fields: 10 } })
      const query = `{ ${'nothing { of_this } '.repeat(20)} } fragment unused on Nothing { it }`
      expect(await faultOf(operation(query))).toEqual({
        status: 400,
        code: 'LIMIT_EXCEEDED',
        limit: 'fields',
      })
      const unspread = `{ who } fragment unused on Query { ${'who '.repeat(20)} }`
      expect(await faultOf(operation(unspread))).toMatchObject({ limit: 'fields' })
    })

    it('A7: items of a list, however deep it stands', async () => {
      await open({ limits: { listItems: 100 } })
      const record = 'mutation ($lines: [LineInput!]!) { record(lines: $lines) }'
      const lines = (count: number) => Array.from({ length: count }, () => ({ id: 'a', points: 1 }))
      expect((await gateway.ask(record, { variables: { lines: lines(100) } })).status).toBe(200)
      expect(await faultOf(operation(record, { lines: lines(101) }))).toEqual({
        status: 400,
        code: 'LIMIT_EXCEEDED',
        limit: 'listItems',
        field: 'lines',
      })
      const deep = { lines: [{ id: 'a', points: 1, more: { of: lines(101) } }] }
      expect(await faultOf(operation(record, deep))).toMatchObject({
        limit: 'listItems',
        field: 'lines.0.more.of',
      })
    })

    it('A7: cost, counted by the sizes of lists asked for and sent', async () => {
      await open({ limits: { cost: 1_000 } })
      const page = (first: string, head = '') =>
        `query ${head} { node { children(first: ${first}) { children(first: 10) { next { name } } } } }`
      expect((await gateway.ask(page('40'))).status).toBe(200)
      expect(await faultOf(operation(page('80')))).toEqual({
        status: 400,
        code: 'LIMIT_EXCEEDED',
        limit: 'cost',
      })
      expect(await faultOf(operation(page('$n', '($n: Int!)'), { n: 80 }))).toMatchObject({
        limit: 'cost',
      })
      const record = 'mutation ($lines: [LineInput!]!) { record(lines: $lines) }'
      const lines = (count: number) => Array.from({ length: count }, () => ({ id: 'a', points: 1 }))
      expect((await gateway.ask(record, { variables: { lines: lines(100) } })).status).toBe(200)
      expect(await faultOf(operation(record, { lines: lines(101) }))).toMatchObject({
        limit: 'cost',
      })
    })

    it('A7: length of the text and number of its words', async () => {
      await open({ limits: { queryCharacters: 500, tokens: 50 } })
      expect(await faultOf(operation(`{ who } # ${'x'.repeat(500)}`))).toEqual({
        status: 400,
        code: 'LIMIT_EXCEEDED',
      })
      expect(await faultOf(operation(`{ ${'who '.repeat(60)} }`))).toMatchObject({
        status: 400,
        code: 'GRAPHQL_PARSE_FAILED',
      })
    })

    it('A7: more brackets in brackets than can be read', async () => {
      await open()
      const nested = `mutation { record(lines: ${'{ a: '.repeat(2_400)}1${' }'.repeat(2_400)}) }`
      expect(await faultOf(operation(nested))).toEqual({
        status: 400,
        code: 'LIMIT_EXCEEDED',
        limit: 'depth',
      })
    })

    it('A7: an operation made to be slow to check is turned away in a moment', async () => {
      await open()
      const hostile = [
        `{ ${'who '.repeat(4_900)} }`,
        `{ ${'node { next { name } } '.repeat(600)} }`,
        `{ node { ${'... on Node { '.repeat(1_200)} name ${'} '.repeat(1_200)} } }`,
        `{ node ${'@skip(if: false) '.repeat(600)} { name } }`,
        `query (${Array.from({ length: 900 }, (_, i) => `$v${i}: Int`).join(' ')}) { who }`,
        `{ fails(how: ${'['.repeat(2_000)}${']'.repeat(2_000)}) }`,
      ]
      for (const query of hostile) {
        const tookMs = await processorMs(async () => {
          expect((await gateway.ask(query)).errors).toBeDefined()
        })
        expect(tookMs).toBeLessThan(3_000)
      }
    })

    it('A7: nothing guesses at a schema that is not for asking', async () => {
      const messages = async () => {
        const wrong = [
          gateway.ask('{ whom }'),
          gateway.ask('query ($lines: [LineInput!]!) { __typename } mutation { recrd }'),
          gateway.ask('mutation ($lines: [LineInput!]!) { record(lines: $lines) }', {
            variables: { lines: [{ id: '1', points: 1, pric: '1' }] },
          }),
        ]
        return (await Promise.all(wrong)).map(({ errors }) => JSON.stringify(errors)).join()
      }
      await open()
      expect(await messages()).not.toContain('Did you mean')
      await open({ introspection: true })
      expect(await messages()).toContain('Did you mean')
    })

    it('A7: the schema is not for asking, unless it is allowed', async () => {
      await open()
      const introspection = '{ __schema { types { name } } }'
      expect(await faultOf(operation(introspection))).toMatchObject({
        code: 'GRAPHQL_VALIDATION_FAILED',
      })
      expect((await gateway.ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
      await open({ introspection: true })
      const whole = getIntrospectionQuery({
        schemaDescription: true,
        inputValueDeprecation: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
      })
      for (const query of [introspection, whole]) {
        const answer = await gateway.ask(query)
        expect(answer.errors).toBeUndefined()
        expect(answer.data.__schema.types.length).toBeGreaterThan(5)
      }
    })
  })

  describe('input', () => {
    beforeEach(() => open())
    const record = 'mutation ($lines: [LineInput!]!) { record(lines: $lines) }'
    const line = { id: 'a', points: 1 }

    it.each<[string, unknown, string]>([
      ['a fraction of a point', [line, { ...line, points: 1.5 }], 'lines.1.points'],
      ['2^53 points', [{ ...line, points: 2 ** 53 }], 'lines.0.points'],
      ['points as text', [{ ...line, points: '5' }], 'lines.0.points'],
      ['a price that is a number', [{ ...line, price: 5.5 }], 'lines.0.price'],
      ['a price with an exponent', [{ ...line, price: '1e9' }], 'lines.0.price'],
      ['nothing where something must be', [{ id: null, points: 1 }], 'lines.0.id'],
      ['a field missing', [{ id: 'a' }], 'lines.0'],
      ['a field that there is not', [{ ...line, admin: true }], 'lines.0'],
      ['a prototype', [JSON.parse('{"id":"a","points":1,"__proto__":{"x":1}}')], 'lines.0'],
      ['no list', 5, 'lines.id'],
      ['nothing', null, 'lines'],
      ['nothing at all', undefined, 'lines'],
      ['a control character', [{ ...line, id: 'a\u0000b' }], 'lines.0.id'],
      ['a control character in a name', [{ ...line, 'a\u0007': 1 }], 'lines.0'],
      ['half a character', [{ ...line, id: '\ud83d' }], 'lines.0.id'],
      ['nested too deeply', JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`), 'lines'],
    ])('names the field at fault: %s', async (_what, lines, field) => {
      const variables = lines === undefined ? {} : { lines }
      const fault = await faultOf(operation(record, variables))
      expect(fault).toEqual({
        status: 400,
        code: 'BAD_USER_INPUT',
        field: lines === 5 ? 'lines' : field,
      })
    })

    it('does not send back what came in', async () => {
      const text = 'x'.repeat(9_000)
      const response = await send({
        body: operation(record, { lines: [{ id: 'a', points: text }] }),
      })
      expect((await response.text()).length).toBeLessThan(400)
    })

    it('refuses a text of almost 1 MB, and takes one of 10,000 characters', async () => {
      const lines = (length: number) => [{ id: '积'.repeat(length), points: 1 }]
      expect(await faultOf(operation(record, { lines: lines(300_000) }))).toEqual({
        status: 400,
        code: 'LIMIT_EXCEEDED',
        field: 'lines.0.id',
        limit: 'textCharacters',
      })
      expect((await gateway.ask(record, { variables: { lines: lines(10_000) } })).status).toBe(200)
    })

    it.each([
      ['[{ id: "a", points: 1 }, { id: "b", points: 1.5 }]', 'lines.1.points'],
      ['[{ id: "a", points: 9007199254740992 }]', 'lines.0.points'],
      ['[{ id: "a", points: 1, price: 5 }]', 'lines.0.price'],
      ['[{ id: "a\\u0000", points: 1 }]', 'lines.0.id'],
      [`[{ id: "${'x'.repeat(10_001)}", points: 1 }]`, 'lines.0.id'],
    ])('names the field of a literal too: %.40s', async (lines, field) => {
      const fault = await faultOf(operation(`mutation { record(lines: ${lines}) }`))
      expect(fault).toMatchObject({ status: 400, field })
    })
  })

  describe('faults', () => {
    it('says nothing of its inside, and logs it under the id of the request', async () => {
      await open()
      const { ask, logs } = gateway
      const answer = await ask('query Break { fails(how: "badly") }', {
        headers: { 'x-request-id': 'req-9' },
      })
      expect(answer.data).toEqual({ fails: null })
      expect(answer.errors).toEqual([
        {
          message: 'Something went wrong on our side.',
          locations: [{ line: 1, column: 15 }],
          path: ['fails'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ])
      const fault = logs.find(({ msg }) => msg === 'fault')
      expect(fault).toMatchObject({ requestId: 'req-9', operation: 'Break', level: 50 })
      expect(JSON.stringify(fault)).toContain('SELECT * FROM secrets')
      const line = logs.find(({ msg }) => msg === 'request')
      expect(line).toMatchObject({ requestId: 'req-9', status: 200, viewer: 'anonymous' })
    })

    it('logs also what fails before an operation begins', async () => {
      await open({
        openContext() {
          throw new Error('no seat left for this request')
        },
      })
      const answer = await gateway.ask('{ who }')
      expect([answer.status, answer.data]).toEqual([500, undefined])
      expect(answer.errors).toEqual([
        {
          message: 'Something went wrong on our side.',
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ])
      expect(JSON.stringify(gateway.logs.filter(({ level }) => level === 50))).toContain('no seat')
    })

    it('shows what a client can do something about', async () => {
      await open()
      const { ask, logs } = gateway
      expect((await ask('{ fails(how: "forbidden") }')).errors).toMatchObject([
        { message: 'Not this one.', extensions: { code: 'FORBIDDEN' } },
      ])
      expect((await ask('{ fails(how: "busy") }')).errors).toMatchObject([
        {
          message: expect.stringContaining('nothing was written'),
          extensions: { code: 'SERVICE_UNAVAILABLE' },
        },
      ])
      expect(logs.filter(({ msg }) => msg === 'fault')).toEqual([])
    })
  })

  describe('O6: running it', () => {
    it.each(['conflict', 'lost'])(
      'says when nobody knows whether it was written: %s',
      async (how) => {
        await open()
        const { errors } = await gateway.ask(`{ fails(how: "${how}") }`)
        expect(errors).toEqual([
          {
            message: expect.stringMatching(/not known whether .* same key/),
            locations: expect.anything(),
            path: ['fails'],
            extensions: { code: 'SERVICE_UNAVAILABLE' },
          },
        ])
        // Somebody should look at the database all the same.
        expect(JSON.stringify(gateway.logs.filter(({ level }) => level === 50))).toContain(
          '10.0.0.7',
        )
      },
    )

    it('is alive, and ready when its checks hold', async () => {
      let works = true
      await open({
        readiness: {
          database: async () => {
            if (!works) throw new Error('connect ECONNREFUSED 10.0.0.7:3306')
          },
        },
      })
      const get = async (path: string) => {
        const response = await fetch(`${gateway.url}${path}`)
        return [response.status, await response.json()]
      }
      expect(await get('/healthz')).toEqual([200, { status: 'ok' }])
      expect(await get('/readyz')).toEqual([
        200,
        { status: 'ready', checks: { database: 'ok', accepting: 'ok' } },
      ])
      works = false
      expect(await get('/readyz')).toEqual([
        503,
        { status: 'not ready', checks: { database: 'failed', accepting: 'ok' } },
      ])
      expect(await get('/healthz')).toEqual([200, { status: 'ok' }])
      expect(await get('/nowhere')).toMatchObject([404, { errors: [{}] }])
    })

    it('counts what it does, with names that cannot grow without bound', async () => {
      await open()
      await gateway.ask('query Known { who }')
      for (let i = 0; i < 210; i += 1) await gateway.ask(`query Q${i} { who }`)
      await gateway.ask(`query ${'x'.repeat(100)} { who }`)
      const text = await (await fetch(`${gateway.url}/metrics`)).text()
      expect(text).toContain(
        'pointwell_graphql_operation_duration_seconds_count{operation="Known",kind="query",transport="http",outcome="ok"} 1',
      )
      expect(text).toMatch(
        /_count\{operation="other",kind="query",transport="http",outcome="ok"\} 12/,
      )
      expect(text).toMatch(
        /pointwell_http_request_duration_seconds_count\{method="POST",route="\/graphql",status="200"\} 212/,
      )
      expect(text).toContain('nodejs_eventloop_lag_seconds')
      expect(text).toContain('pointwell_wallet_followers 0')
    })

    it('keeps its figures to itself when it was told to', async () => {
      await open({ metricsToken: 'for the collector' })
      const get = async (authorization?: string) =>
        (await fetch(`${gateway.url}/metrics`, { headers: authorization ? { authorization } : {} }))
          .status
      expect(await get()).toBe(401)
      expect(await get('Bearer wrong')).toBe(401)
      expect(await get('Bearer for the collector')).toBe(200)
    })

    it('serves GraphiQL from this machine alone, and only when it was told to', async () => {
      await open()
      expect((await fetch(`${gateway.url}/graphiql`)).status).toBe(404)
      await open({ graphiql: true })
      const page = await (await fetch(`${gateway.url}/graphiql`)).text()
      const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
      expect(assets).toHaveLength(4)
      expect(page).not.toMatch(/https?:\/\//)
      for (const path of assets) {
        const response = await fetch(`${gateway.url}${path}`)
        expect(response.status).toBe(200)
        expect((await response.text()).length).toBeGreaterThan(5_000)
      }
      for (const path of ['/graphiql/..%2f..%2fpackage.json', '/graphiql/__proto__']) {
        expect((await fetch(`${gateway.url}${path}`)).status).toBe(404)
      }
    })

    it('finishes what is under way before it goes, and takes nothing new', async () => {
      await open()
      const { ask, gateway: it, url } = gateway
      const underWay = ask('{ slow }')
      await expect.poll(() => Sample.release).toBeDefined()
      const closed = it.close()
      await expect(fetch(`${url}/healthz`)).rejects.toThrow()
      Sample.release!()
      Sample.release = undefined
      expect((await underWay).data).toEqual({ slow: 'done' })
      await closed
    })

    it('does not wait for ever for what is under way', async () => {
      await open()
      const { ask, gateway: it } = gateway
      const underWay = ask('{ slow }').catch(() => 'cut off')
      await expect.poll(() => Sample.release).toBeDefined()
      onTestFinished(() => Sample.release?.())
      await it.close({ timeoutMs: 50 })
      expect(await underWay).toBe('cut off')
    })
  })
})
