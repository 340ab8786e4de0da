import { buildSchema, loadConfig } from '@pointwell/server'
import { type GraphQLField, getNamedType, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { countStatements } from '../support/count-statements.js'
import { availableStores } from '../support/databases.js'
import { everythingOf } from '../support/everything-of.js'
import { openFullShop } from '../support/full-shop.js'

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

/** Reads that wait for others go out in as many turns as there are, and a busy moment can make more of
 * them: for ten rows three more, and so on. A statement for each row would be nine more. */
const moreTurnsFor = (rows: number) => (rows * 3) / 10
/** Each page is read so often; the fewest statements of these count. */
const TIMES = 3

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A4: all there is on a page, on %s',
  (store) => {
    it('is read with as many statements, however long the page is', async () => {
      const server = await openFullShop(store as 'sqlite')
      try {
        const token = await server.token('operator', { subject: 'ada', roles: ['admin'] })
        const tooMany: unknown[] = []
        for (const field of lists.filter(({ name }) => name in ASKED)) {
          const query = queryOf(field)
          const readOnce = (first: number) =>
            countStatements(server, async () => {
              const variables = { first, ...ASKED[field.name] }
              const { data, errors } = await server.ask(query, { token, variables })
              expect([field.name, errors]).toEqual([field.name, undefined])
              expect([field.name, nodesOf(data.it).length]).toEqual([field.name, first])
            })
          // What the server does by itself meanwhile is counted along, and only ever adds to it.
          const read = async (first: number) => {
            const counts: number[] = []
            while (counts.length < TIMES) counts.push(await readOnce(first))
            return Math.min(...counts)
          }
          const forOne = await read(1)
          for (const first of field.name === 'members' ? [10, 100] : [10]) {
            const forMany = await read(first)
            if (forMany > forOne + moreTurnsFor(first))
              tooMany.push([field.name, first, forOne, forMany])
          }
        }
        expect(tooMany).toEqual([])
      } finally {
        await server.close()
      }
    })
  },
)
