import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores, freshUrl } from '../support/databases.js'
import { type ServerProcess, startServerProcess } from '../support/server-process.js'
import { ask, TEST_SECRET, tokenOf } from '../support/test-gateway.js'

/** All of 10,000: `POINTWELL_WHOLE_RACE=1`. */
const BUYERS = process.env.POINTWELL_WHOLE_RACE === '1' ? 10_000 : 1_200
const STOCK = 100
/** Bought for and given back while the last ones come. */
const GIVEN_BACK = 30
const CLIENTS = 48

const REGISTER = `mutation ($input: [RegisterMemberInput!]!) {
  registerMembers(input: $input) { __typename } }`
const UPDATE = `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
  __typename ... on Refusal { code } } }`
const RECORD = `mutation ($input: [RecordPurchaseInput!]!) { recordPurchases(input: $input) {
  __typename ... on Refusal { code } } }`
const OFFER = `mutation ($input: CreateOfferInput!) { createOffer(input: $input) {
  __typename ... on Refusal { code field } } }`
const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) { __typename
  ... on Redemption { id status points } ... on Refusal { code available } } }`
const CANCEL = `mutation ($id: ID!) { cancelRedemption(id: $id) { __typename
  ... on Redemption { id status } ... on Refusal { code } } }`
const READ = `query ($at: DateTime!) { offer(id: "scarce") { stock { total sold left } }
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
)('R8: a stock on %s with %i server processes', (store, count) => {
  it(`R8: ${BUYERS} buyers for ${STOCK}, one server killed amid it: all are sold, and not one more`, async () => {
    const url = await freshUrl(store)
    const start = async () => {
      const env = {
        POINTWELL_DATABASE_URL: url,
        POINTWELL_JWT_SECRET: TEST_SECRET,
        POINTWELL_RATE_STOREFRONT: '0',
      }
      const server = await startServerProcess({ env })
      open.push(server)
      return server
    }
    const first = await start()
    const operator = await tokenOf('operator', { roles: ['admin'] }, Date.now())
    const token = await tokenOf('storefront', {}, Date.now())
    const dataOf = async (server: ServerProcess, query: string, request: object): Promise<Data> => {
      const answer = await ask(server.url, query, request)
      expect(answer).toMatchObject({ status: 200, errors: undefined })
      return answer.data
    }
    // What a killed server held is taken up soon.
    const document = { redemption: { timeoutSeconds: 1, retryFirstSeconds: 1 } }
    await dataOf(first, UPDATE, { token: operator, variables: { document } })
    const offer = {
      id: 'scarce',
      channel: 'coupon',
      title: { en: '10 off', zh: '立减10元' },
      cashValue: '10.00 CNY',
      price: { byHand: 7 },
      stock: { total: STOCK },
      details: { type: 'direct-deduction', offMinor: 1_000 },
    }
    const { createOffer } = await dataOf(first, OFFER, {
      token: operator,
      variables: { input: offer },
    })
    expect(createOffer.__typename).toBe('OfferSaved')
    const joinedAt = new Date(Date.now() - 86_400_000).toISOString()
    const at = new Date(Date.now() - 60_000).toISOString()
    const names = Array.from({ length: BUYERS }, (_, n) => `m-${n}`)
    for (let from = 0; from < BUYERS; from += 100) {
      const some = names.slice(from, from + 100)
      const members = some.map((id) => ({ id, joinedAt }))
      await dataOf(first, REGISTER, { token, variables: { input: members } })
      const lines = [{ id: '1', article: 'tea', quantity: 1, unitPrice: '10' }]
      const orders = some.map((memberId) => ({
        memberId,
        orderId: `o-${memberId}`,
        at,
        currency: 'CNY',
        confirmed: true,
        lines,
      }))
      await dataOf(first, RECORD, { token, variables: { input: orders } })
    }
    const servers = [first, ...(await Promise.all(Array.from({ length: count - 1 }, start)))]
    const victim = servers.at(-1)!

    /** Each buyer at a server of its own choice; at the next one, with the same key, when it is gone. */
    const buy = async (memberId: string, place: number): Promise<Data> => {
      const input = { memberId, offerId: 'scarce', idempotencyKey: 'one' }
      for (let turn = 0; ; turn++) {
        const server = servers[(place + turn) % servers.length]!
        try {
          return (await dataOf(server, REDEEM, { token, variables: { input } })).redeem
        } catch (fault) {
          // One that is alone is away until it has started again, which a busy machine takes its time for.
          if (server !== victim || turn > 1_000) throw fault
          await sleep(250)
        }
      }
    }
    const inParallel = async <T>(
      items: readonly T[],
      work: (item: T, n: number) => Promise<void>,
    ) => {
      const left = items.entries()
      const worker = async () => {
        for (const [n, item] of left) await work(item, n)
      }
      await Promise.all(Array.from({ length: CLIENTS }, worker))
    }

    const sold: string[] = []
    const refused: string[] = []
    const settle = ({ __typename, id, code, available }: Data) => {
      if (__typename === 'Redemption') sold.push(id)
      else refused.push(`${code} ${available}`)
    }
    const late = names.slice(-BUYERS / 6)
    const early = names.slice(0, -BUYERS / 6)
    let killed: Promise<void> | undefined
    await inParallel(early, async (name, n) => {
      // Of one server alone, the same one comes back; of four, the others do its work.
      if (n === Math.floor(STOCK / 2)) {
        killed = victim.kill().then(() => (count === 1 ? victim.restart() : undefined))
      }
      settle(await buy(name, n))
    })
    await killed
    expect(sold).toHaveLength(STOCK)
    expect(new Set(refused)).toEqual(new Set(['OUT_OF_STOCK 0']))

    // Whatever the killed server was at is done by now or soon; then 30 come back while others want them.
    const working = count === 1 ? servers : servers.slice(0, -1)
    servers.splice(0, servers.length, ...working)
    const cancel = async (id: string, n: number) => {
      for (let turn = 0; turn < 1_000; turn++) {
        const server = servers[n % servers.length]!
        const answer = (await dataOf(server, CANCEL, { token, variables: { id } })).cancelRedemption
        if (answer.status === 'CANCELLED') return
        // Still on its way, by the lease of the server that was killed.
        expect(answer).toEqual({ __typename: 'Refusal', code: 'REDEMPTION_NOT_FULFILLED' })
        await sleep(250)
      }
      throw new Error(`${id} could not be cancelled`)
    }
    const back = sold.splice(0, GIVEN_BACK)
    await Promise.all([
      inParallel(back, cancel),
      inParallel(late.slice(0, late.length / 2), async (name, n) => settle(await buy(name, n))),
    ])
    expect(sold.length).toBeLessThanOrEqual(STOCK)
    await inParallel(late.slice(late.length / 2), async (name, n) => settle(await buy(name, n)))
    expect(sold).toHaveLength(STOCK)
    expect(new Set(sold).size).toBe(STOCK)
    expect(new Set(refused)).toEqual(new Set(['OUT_OF_STOCK 0']))
    expect(refused).toHaveLength(BUYERS - STOCK - GIVEN_BACK)

    // By the counter, and by the books, which know nothing of stock. None is left on its way.
    const read = async () =>
      dataOf(servers[0]!, READ, {
        token: operator,
        variables: { at: new Date().toISOString() },
      })
    let seen = await read()
    for (let turn = 0; turn < 1_000 && totalOf(seen, 'held') !== '0'; turn++) {
      await sleep(250)
      seen = await read()
    }
    expect(seen.offer.stock).toEqual({ total: STOCK, sold: STOCK, left: 0 })
    expect(totalOf(seen, 'redeemed:coupon')).toBe(`${STOCK * offer.price.byHand}`)
    expect(totalOf(seen, 'held')).toBe('0')
  })
})

function totalOf({ accountTotals }: Data, account: string): string {
  return String(accountTotals.find((it: Data) => it.account === account)?.total ?? '0')
}
