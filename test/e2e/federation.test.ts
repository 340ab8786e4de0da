import { composeServices } from '@apollo/composition'
import { printSubgraph } from '@pointwell/gateway'
import { buildSchema, loadConfig } from '@pointwell/server'
import { buildASTSchema, isObjectType, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores } from '../support/databases.js'
import { runPointwell } from '../support/run-pointwell.js'
import { statementsOf, tablesOf } from '../support/statements-of.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

/** A shop's own subgraph, which hangs its wish lists on our members. */
const WISHES = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { wishesOfTheDay(first: Int! = 20): WishConnection! }
  type Member @key(fields: "id") { id: ID! wishes: [Wish!]! }
  type Wish { article: String! by: Member! }
  type WishEdge { cursor: String! node: Wish! }
  type WishConnection { edges: [WishEdge!]! nodes: [Wish!]! pageInfo: PageInfo! }
  type PageInfo @shareable {
    hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
  }
`
const ENTITIES = `query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Member {
  id tier { id } wallet { balance { available expiringSoon { points } } lots { nodes { granted } } } } } }`
const MEMBERS = 100
const idOf = (n: number) => `m-${n}`
const naming = (...ids: unknown[]) => ({ of: ids.map((id) => ({ __typename: 'Member', id })) })

const schema = buildSchema((await loadConfig(undefined)).plugins)

describe('A8: the schema as a subgraph', () => {
  it('composes, as the command line prints it, with another one that adds a field to a member', async () => {
    const { stdout } = await runPointwell(['schema', '--subgraph'], { cwd: process.cwd() })
    const { errors, supergraphSdl } = composeServices([
      {
        name: 'pointwell',
        url: 'http://pointwell.test/graphql',
        typeDefs: parse(stdout),
      },
      { name: 'wishes', url: 'http://wishes.test/graphql', typeDefs: parse(WISHES) },
    ])
    expect(errors).toBeUndefined()
    const whole = buildASTSchema(parse(supergraphSdl!), { assumeValidSDL: true })
    const member = whole.getType('Member')
    const fields = isObjectType(member) ? Object.keys(member.getFields()) : []
    expect(fields).toEqual(expect.arrayContaining(['id', 'wallet', 'tier', 'wishes']))
    // Nothing is lost on the way, and nothing of a router's own is in it.
    const ours = Object.keys(schema.getQueryType()!.getFields())
    const theirs = Object.keys(whole.getQueryType()!.getFields())
    expect(theirs.sort()).toEqual(
      [...ours.filter((name) => !name.startsWith('_')), 'wishesOfTheDay'].sort(),
    )
    expect(Object.keys(whole.getMutationType()!.getFields()).sort()).toEqual(
      Object.keys(schema.getMutationType()!.getFields()).sort(),
    )
  })

  it('does not compose with one that takes a member for something else', () => {
    const { errors } = composeServices([
      { name: 'pointwell', url: '', typeDefs: parse(printSubgraph(schema)) },
      {
        name: 'wrong',
        url: '',
        typeDefs: parse(WISHES.replace('id: ID! wishes', 'id: Int! wishes')),
      },
    ])
    expect(errors?.map(({ message }) => message).join()).toMatch(/Member\.id/)
  })
})

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A8: members as entities, on %s',
  (store) => {
    let server: TestServer
    let shop: string
    beforeAll(async () => {
      server = await startTestServer({ store: store as 'sqlite', jobs: false })
      shop = await server.token('storefront')
      const ids = Array.from({ length: MEMBERS }, (_, n) => idOf(n))
      const orders = ids.map((memberId, n) => ({
        memberId,
        orderId: `O-${n}`,
        at: '2026-01-05T03:00:00Z',
        currency: 'CNY',
        confirmed: true,
        lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: String(n + 1) }],
      }))
      const { errors } = await server.ask(
        `mutation ($members: [RegisterMemberInput!]!, $orders: [RecordPurchaseInput!]!) {
          registerMembers(input: $members) { __typename } recordPurchases(input: $orders) { ... on Refusal { code } } }`,
        { token: shop, variables: { members: ids.map((id) => ({ id })), orders } },
      )
      expect(errors).toBeUndefined()
    })
    afterAll(() => server.close())
    const ask = (token: string, variables: Record<string, unknown>) =>
      server.ask(ENTITIES, { token, variables })

    it('answers in the order of the question, with null for nobody', async () => {
      const { data, errors } = await ask(shop, naming(idOf(7), 'nobody', idOf(3), idOf(7)))
      expect(errors).toBeUndefined()
      const points = data._entities.map(
        (it: { wallet: { balance: { available: number } } } | null) => it?.wallet.balance.available,
      )
      expect(points).toEqual([8, undefined, 4, 8])
      expect(data._entities[0]).toMatchObject({ __typename: 'Member', id: idOf(7) })
    })

    it('A4: reads many with as many statements as one', async () => {
      const read = (count: number) =>
        statementsOf(server, async () => {
          const ids = Array.from({ length: count }, (_, n) => idOf(n))
          const { data, errors } = await ask(shop, naming(...ids))
          expect(errors).toBeUndefined()
          expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(ids)
        })
      const forOne = tablesOf(await read(1))
      expect(forOne).toContain('member')
      for (const count of [10, MEMBERS]) expect(tablesOf(await read(count))).toEqual(forOne)
    })

    it('A6: gives a member itself, and beside it nobody else', async () => {
      const member = await server.token('member', { subject: idOf(1) })
      const { data, errors } = await ask(member, naming(idOf(1), idOf(2), 'nobody'))
      expect(data._entities[0]).toMatchObject({ id: idOf(1) })
      expect(data._entities.slice(1)).toEqual([null, null])
      // Also of one that there is not: nobody finds out who there is.
      expect(errors).toMatchObject([
        { path: ['_entities', 1], extensions: { code: 'FORBIDDEN' } },
        { path: ['_entities', 2], extensions: { code: 'FORBIDDEN' } },
      ])
      const partner = await ask(await server.token('partner'), naming(idOf(1)))
      expect(partner.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      const nobody = await server.ask(ENTITIES, { variables: naming(idOf(1)) })
      expect(nobody.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    })

    it('A6: guards the fields of an entity as anywhere else', async () => {
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Member { id identities { kind } } } }`
      const viewer = await server.token('operator', { roles: ['viewer'] })
      const { data, errors } = await server.ask(query, {
        token: viewer,
        variables: naming(idOf(1)),
      })
      expect(data._entities).toEqual([{ id: idOf(1), identities: null }])
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    })

    it('tells a router what is wrong with how it names one', async () => {
      for (const [representation, field] of [
        [{ __typename: 'Wish', id: '1' }, 'representations.0.__typename'],
        [{ __typename: 'Member' }, 'representations.0.id'],
        [{ __typename: 'Member', id: '' }, 'representations.0.id'],
        [{ __typename: 'Member', id: { $ne: null } }, 'representations.0.id'],
        [{ id: idOf(1) }, 'of.0'],
        ['Member', 'of.0'],
        [null, 'of.0'],
      ] as const) {
        const { data, errors } = await ask(shop, { of: [representation] })
        expect([representation, data?._entities ?? null]).toEqual([
          representation,
          data ? [null] : null,
        ])
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }])
      }
      const many = naming(...Array.from({ length: 501 }, (_, n) => idOf(n)))
      const { errors } = await server.ask(
        'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
        { token: shop, variables: many },
      )
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', field: 'representations' } },
      ])
      const written =
        '{ _entities(representations: [{ __typename: "Member", id: "m-1" }]) { ... on Member { id } } }'
      expect((await server.ask(written, { token: shop })).data._entities).toEqual([{ id: 'm-1' }])
    })

    it('traces no resolver for whoever sends a router’s header for that', async () => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${shop}`,
          'apollo-federation-include-trace': 'ftv1',
        },
        body: JSON.stringify({ query: ENTITIES, variables: naming(idOf(1)) }),
      })
      expect(Object.keys((await response.json()) as object)).toEqual(['data'])
    })

    it('gives operators the schema to compose, and nobody else', async () => {
      const query = '{ _service { sdl } }'
      const viewer = await server.token('operator', { roles: ['viewer'] })
      expect((await server.ask(query, { token: viewer })).data._service.sdl).toBe(
        printSubgraph(schema),
      )
      expect((await server.ask(query, { token: shop })).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' } },
      ])
    })
  },
)
