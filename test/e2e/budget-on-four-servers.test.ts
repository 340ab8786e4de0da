import { afterEach, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores, freshUrl } from '../support/databases.js'
import { type ServerProcess, startServerProcess } from '../support/server-process.js'
import { ask, TEST_SECRET, tokenOf } from '../support/test-gateway.js'

const MEMBERS = 60
const ORDERS_EACH = 8
const POINTS = 100
/** What is asked for, with a campaign that doubles it: a hundred times the budget. */
const DEMAND = MEMBERS * ORDERS_EACH * POINTS * 2
const BUDGET = DEMAND / 100

const REGISTER = `mutation ($input: [RegisterMemberInput!]!) {
  registerMembers(input: $input) { __typename } }`
const UPDATE = `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
  __typename ... on Refusal { code } } }`
const RECORD = `mutation ($input: [RecordPurchaseInput!]!) { recordPurchases(input: $input) {
  __typename ... on PurchaseRecorded { points transaction { explanation { step points } } }
  ... on Refusal { code } } }`
const READ = `query ($at: DateTime!) {
  budgets { points used left leftForOrdinary }
  accountTotals(at: $at) { account total } }`

const open: ServerProcess[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.kill()))
})

describe.each(
  [
    ['mysql', 4],
    ['sqlite', 1],
  ].filter(([store]) => availableStores().includes(store as 'mysql')) as [
    'mysql' | 'sqlite',
    number,
  ][],
)('E9: a budget on %s with %i server processes', (store, count) => {
  it('E9: a hundredth of the demand: granted is the budget, to the point', async () => {
    const start = async (url: string) => {
      const env = {
        POINTWELL_DATABASE_URL: url,
        POINTWELL_JWT_SECRET: TEST_SECRET,
        POINTWELL_RATE_STOREFRONT: '0',
      }
      const server = await startServerProcess({ env })
      open.push(server)
      return server
    }
    const url = await freshUrl(store)
    const first = await start(url)
    const operator = await tokenOf('operator', { roles: ['admin'] }, Date.now())
    const token = await tokenOf('storefront', {}, Date.now())
    const dataOf = async (server: ServerProcess, query: string, request: object): Promise<Data> => {
      const answer = await ask(server.url, query, request)
      expect(answer).toMatchObject({ status: 200, errors: undefined })
      return answer.data
    }
    const title = { en: 'Double', zh: '双倍' }
    const document = {
      budgets: { programme: { period: 'year', points: BUDGET }, reservePercent: 10 },
      campaigns: [
        { id: 'double', title, from: '2020-01-01', until: '2100-01-01', multiplier: '2' },
      ].map((it) => ({ ...it, from: `${it.from}T00:00:00Z`, until: `${it.until}T00:00:00Z` })),
    }
    const { updatePolicy } = await dataOf(first, UPDATE, {
      token: operator,
      variables: { document },
    })
    expect(updatePolicy.__typename).toBe('PolicyUpdated')
    const joinedAt = new Date(Date.now() - 86_400_000).toISOString()
    const input = Array.from({ length: MEMBERS }, (_, n) => ({ id: `m-${n}`, joinedAt }))
    await dataOf(first, REGISTER, { token, variables: { input } })
    const others = await Promise.all(Array.from({ length: count - 1 }, () => start(url)))
    const servers = [first, ...others]

    const at = new Date(Date.now() - 60_000).toISOString()
    const orderOf = (n: number) => ({
      memberId: `m-${n % MEMBERS}`,
      orderId: `o-${n}`,
      at,
      currency: 'CNY',
      confirmed: true,
      lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: `${POINTS}` }],
    })
    // Every server gets every fourth order of everybody, in small calls all at once.
    const calls = Array.from({ length: (MEMBERS * ORDERS_EACH) / 10 }, (_, call) =>
      Array.from({ length: 10 }, (_, n) => orderOf(call * 10 + n)),
    )
    const answers = await Promise.all(
      calls.map((orders, place) =>
        dataOf(servers[place % servers.length]!, RECORD, { token, variables: { input: orders } }),
      ),
    )
    const recorded = answers.flatMap(({ recordPurchases }) => recordPurchases)
    expect(recorded).toHaveLength(MEMBERS * ORDERS_EACH)
    const points = recorded.map((it: { points: number }) => it.points)
    expect(points.reduce((sum: number, it: number) => sum + it, 0)).toBe(BUDGET)
    for (const { points: granted, transaction } of recorded) {
      const cut = transaction.explanation.filter(({ step }: { step: string }) => step === 'budget')
      if (granted < POINTS * 2) expect(cut.length).toBeGreaterThan(0)
    }
    const read = await dataOf(servers.at(-1)!, READ, {
      token: operator,
      variables: { at: new Date().toISOString() },
    })
    expect(read.budgets).toEqual([{ points: BUDGET, used: BUDGET, left: 0, leftForOrdinary: 0 }])
    // And by the books, which know nothing of budgets.
    expect(read.accountTotals).toContainEqual({ account: 'issued:purchase', total: `-${BUDGET}` })
  })
})
