import { encodeCursor } from '@pointwell/ledger/graphql'
import { buildSchema, loadConfig } from '@pointwell/server'
import { type GraphQLField, getNamedType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allStatementsOf } from '../support/all-statements-of.js'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { everythingOf } from '../support/everything-of.js'
import { openFullShop } from '../support/full-shop.js'
import { type Statement, tablesOf } from '../support/statements-of.js'
import type { TestServer } from '../support/test-server.js'

const schema = buildSchema((await loadConfig(undefined)).plugins)
const lists = Object.values(schema.getQueryType()!.getFields()).filter(({ args }) =>
  args.some(({ name }) => name === 'first'),
)

/** What each list is asked with, besides how many; null: it is asked for nothing else. */
const ASKED: Record<string, Record<string, unknown> | null> = {
  adjustmentsWaiting: null,
  auditEntries: null,
  coupons: { memberId: 'm-0' },
  gamePlays: { memberId: 'm-0' },
  goodsReturns: null,
  goodsToPick: null,
  goodsToSend: null,
  identityCases: null,
  keptEvents: null,
  memberMerges: null,
  members: null,
  offers: { memberId: 'm-0' },
  partners: null,
  pauses: null,
  playbooks: null,
  policies: null,
  referral: { memberId: 'm-0' },
  referralsHeld: null,
  reviews: { memberId: 'm-0' },
  shipments: { memberId: 'm-0' },
  stakeRounds: { offerId: 'match' },
  topUpsToDo: null,
  wonItems: null,
}
/** Lists that nothing fills here, with why they are held all the same. */
const ELSEWHERE: Record<string, string> = {
  deliveries:
    'rows of tables that are joined, and nothing else of each: packages/program/src/delivery',
  failedNotices: 'rows of one table, and nothing else of each: packages/program/src/notices',
  openPartnerOrders: 'rows of one table, and nothing else of each: test/e2e/partners.test.ts',
  refundsDue: 'redemptions, read and shown as those of a member are, which are held above',
}

/** The nodes of an answer: of a connection, of a list, of a member's friends. */
const nodesOf = (answer: Data): Data[] =>
  Array.isArray(answer) ? answer : (answer.nodes ?? answer.Referral_friends)

function queryOf({ name, type, args }: GraphQLField<unknown, unknown>): string {
  const given = args.filter((arg) => arg.name === 'first' || ASKED[name]?.[arg.name] !== undefined)
  const head = given.map((arg) => `$${arg.name}: ${arg.type}`).join(' ')
  const call = given.map((arg) => `${arg.name}: $${arg.name}`).join(' ')
  const named = getNamedType(type)
  const isConnection = isObjectType(named) && named.name.endsWith('Connection')
  const inner = isConnection
    ? `{ pageInfo { hasNextPage } nodes ${everythingOf(named.getFields().nodes!.type, [named.name])} }`
    : everythingOf(type)
  return `query (${head}) { it: ${name}(${call}) ${inner} }`
}

it('every list that can be asked for by page is held to it', () => {
  expect([...Object.keys(ASKED), ...Object.keys(ELSEWHERE)].sort()).toEqual(
    lists.map(({ name }) => name).sort(),
  )
})

/** Of these there are members enough for the longest page. */
const LENGTHS: Record<string, readonly number[]> = { members: [1, 10, 100] }
/** Requests that go through beside the one that is looked at. */
const BESIDE = 20
/** So often is each length read beside them. */
const ROUNDS = 2
/** The numbers of members beside whom nothing else has numbers like these. */
const FIRST_NUMBER = 1_000_001

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A4: all there is on a page, on %s',
  (store) => {
    let server: TestServer
    let token: string
    beforeAll(async () => {
      server = await openFullShop(store as 'sqlite')
      token = await server.token('operator', { subject: 'ada', roles: ['admin'] })
    })
    afterAll(() => server?.close())

    const read = async (field: GraphQLField<unknown, unknown>, first: number) => {
      const variables = { first, ...ASKED[field.name] }
      const { data, errors } = await server.ask(queryOf(field), { token, variables })
      expect([field.name, errors]).toEqual([field.name, undefined])
      expect([field.name, nodesOf(data.it).length]).toEqual([field.name, first])
    }

    it('is read with as many statements, however long the page is', async () => {
      const differing: unknown[] = []
      for (const field of lists.filter(({ name }) => name in ASKED)) {
        const counts: number[] = []
        for (const first of LENGTHS[field.name] ?? [1, 10]) {
          const statements = await allStatementsOf(server, () => read(field, first))
          counts.push(statements.length)
        }
        if (new Set(counts).size > 1) differing.push([field.name, counts])
      }
      expect(differing).toEqual([])
    })

    it('is in as many statements, however long the page is, while many others are read', async () => {
      const members = lists.find(({ name }) => name === 'members')!
      const after = await registerApart(server)
      const query = queryOf(members).replace('(first: $first)', `(first: $first after: "${after}")`)
      /** Statements are shared with others; those that name one of its members are those it is in. */
      const readApart = async (first: number) => {
        const statements = await allStatementsOf(server, async () => {
          const { data, errors } = await server.ask(query, { token, variables: { first } })
          expect(errors).toBeUndefined()
          expect(data.it.nodes).toHaveLength(first)
        })
        return tablesOf(statements.filter(namesOneApart).map(({ sql }) => sql))
      }
      const alone = await readApart(1)
      expect(alone.length).toBeGreaterThan(10)
      let isOver = false
      const others = lists.filter(({ name }) => ['members', 'offers'].includes(name))
      const beside = Array.from({ length: BESIDE }, async (_, n) => {
        for (let turn = n; !isOver; turn += 1) {
          const field = others[turn % others.length]!
          const lengths = LENGTHS[field.name] ?? [1, 10]
          await read(field, lengths[turn % lengths.length]!)
        }
      })
      const found: (readonly string[])[] = []
      try {
        for (let round = 0; round < ROUNDS; round += 1) {
          for (const first of LENGTHS.members!) found.push(await readApart(first))
        }
      } finally {
        isOver = true
        await Promise.all(beside)
      }
      expect(found).toEqual(found.map(() => alone))
    })
  },
)

function namesOneApart({ parameters }: Statement): boolean {
  return parameters
    .flat()
    .some((it) => typeof it === 'number' && it >= FIRST_NUMBER && it <= FIRST_NUMBER + 200)
}

/** 101 members with an order and a redemption each; answers with the cursor before all but the first. */
async function registerApart(server: TestServer): Promise<string> {
  await server.database.write((manager) =>
    manager.query(
      server.database.dialect === 'sqlite'
        ? `UPDATE sqlite_sequence SET seq = ${FIRST_NUMBER - 1} WHERE name = 'member'`
        : `ALTER TABLE member AUTO_INCREMENT = ${FIRST_NUMBER}`,
    ),
  )
  const token = await server.token('storefront')
  const ask = async (query: string, variables: object, as = token): Promise<Data> => {
    const { data, errors } = await server.ask(query, { token: as, variables: { ...variables } })
    expect(errors).toBeUndefined()
    return data
  }
  await ask(
    'mutation { resumeEarning(source: "purchase", reason: "to go on") { __typename } }',
    {},
    await server.token('operator', { subject: 'ada', roles: ['admin'] }),
  )
  const ids = Array.from({ length: 101 }, (_, n) => `apart-${n}`)
  const { it } = await ask(
    `mutation ($of: [RegisterMemberInput!]!) { it: registerMembers(input: $of) {
      ... on MemberRegistered { member { id } } } }`,
    { of: ids.map((id) => ({ id })) },
  )
  expect(it.map(({ member }: Data) => member.id)).toEqual(ids)
  await ask(
    'mutation ($of: [RecordPurchaseInput!]!) { recordPurchases(input: $of) { __typename } }',
    {
      of: ids.map((memberId) => ({
        memberId,
        orderId: `O-${memberId}`,
        at: '2026-01-05T03:00:00Z',
        currency: 'CNY',
        confirmed: true,
        lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: '900' }],
      })),
    },
  )
  for (const memberId of ids) {
    const { it } = await ask(
      'mutation ($input: RedeemInput!) { it: redeem(input: $input) { ... on Redemption { id } ... on Refusal { code detail } } }',
      { input: { memberId, offerId: 'coupon', idempotencyKey: `by-${memberId}` } },
    )
    expect(it.code).toBeUndefined()
  }
  return encodeCursor('members', [FIRST_NUMBER])
}
