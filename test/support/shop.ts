import type { OperatorRole } from '@pointwell/plugin'
import { expect } from 'vitest'
import type { Data } from './ask-program.js'
import type { StoreName } from './databases.js'
import { startTestServer, type TestServer } from './test-server.js'

const BALANCE = 'balance { available pending claimable held frozen debt }'
const DONE = `points replayed transaction { id version explanation { step points } } wallet { ${BALANCE} }`
const REFUSAL = '... on Refusal { code field available needed }'
const OPERATIONS = {
  register: `mutation ($input: [RegisterMemberInput!]!) { registerMembers(input: $input) { __typename } }`,
  record: `mutation ($input: [RecordPurchaseInput!]!) { recordPurchases(input: $input) {
    ... on PurchaseRecorded { ${DONE} } ${REFUSAL} } }`,
  giveBack: `mutation ($input: [ReturnPurchaseInput!]!) { returnPurchases(input: $input) {
    ... on PurchaseReturned { ${DONE} } ${REFUSAL} } }`,
  cancel: `mutation ($orderId: ID!) { cancelPurchase(orderId: $orderId) {
    ... on PurchaseCancelled { ${DONE} } ${REFUSAL} } }`,
  quote: `mutation ($memberId: ID!, $offerId: ID!) { quote(memberId: $memberId, offerId: $offerId) {
    ... on Quote { id } ${REFUSAL} } }`,
  redeem: `mutation ($input: RedeemInput!) { redeem(input: $input) {
    ... on Redemption { id status receipt } ${REFUSAL} } }`,
  cancelRedemption: `mutation ($id: ID!) { cancelRedemption(id: $id) {
    ... on Redemption { id status } ${REFUSAL} } }`,
  useCoupon: `mutation ($input: UseCouponInput!) { useCoupon(input: $input) {
    ... on CouponUsed { discount } ${REFUSAL} } }`,
  checkIn: `mutation ($memberId: ID!) { checkIn(memberId: $memberId) {
    ... on CheckedIn { points replayed } ${REFUSAL} } }`,
  offer: `mutation ($input: CreateOfferInput!) { createOffer(input: $input) {
    ... on OfferSaved { offer { id } } ${REFUSAL} } }`,
  balance: `query ($id: ID!) { member(id: $id) { wallet { version ${BALANCE} } } }`,
  history: `query ($id: ID!, $after: String) { member(id: $id) { wallet {
    transactions(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
      nodes { version type recordedAt points change { available debt } balance { available debt } } } } } }`,
} as const

export interface ShopLine {
  readonly id: string
  readonly quantity: number
  readonly unitPrice: string
  readonly category?: string
}

/** A shop's systems in front of several servers that share a database: every request says which
 * server it goes to. What comes back is the one field that was asked for. */
export interface Shop {
  readonly servers: readonly TestServer[]
  /** Turns the clocks of all servers. */
  setTime(now: number): void
  ask(
    server: number,
    operation: keyof typeof OPERATIONS,
    variables: object,
    role?: OperatorRole,
  ): Promise<Data>
  register(...ids: string[]): Promise<void>
  /** An order that is signed for: its points are there at once. */
  record(server: number, order: object): Promise<Data>
  giveBack(
    server: number,
    orderId: string,
    returnId: string,
    lines: Record<string, number>,
  ): Promise<Data>
  redeem(server: number, memberId: string, offerId: string, key: string): Promise<Data>
  balance(memberId: string, server?: number): Promise<Data>
  /** From the oldest on. */
  history(memberId: string): Promise<Data[]>
  close(): Promise<void>
}

/** Two servers on a fresh database. Nothing is swept unless the test does. */
export async function openShop(
  store: Exclude<StoreName, 'memory'>,
  firstPolicy: object = {},
): Promise<Shop> {
  const first = await startTestServer({ store, jobs: false, firstPolicy })
  const { databaseUrl } = first
  const second = await startTestServer({ databaseUrl, time: { ...first.time }, jobs: false })
  const servers = [first, second] as const

  const ask: Shop['ask'] = async (place, operation, variables, role) => {
    const server = servers[place % servers.length]!
    const token = role
      ? await server.token('operator', { roles: [role] })
      : await server.token('storefront')
    const { data, errors } = await server.ask(OPERATIONS[operation], {
      token,
      variables: variables as Record<string, unknown>,
    })
    expect(errors).toBeUndefined()
    return Object.values(data)[0] as Data
  }
  const one = async (answers: Promise<Data>) => ((await answers) as unknown as Data[])[0]!

  return {
    servers,
    ask,
    setTime(now) {
      for (const { time } of servers) time.now = now
    },
    async register(...ids) {
      await ask(0, 'register', { input: ids.map((id) => ({ id })) })
    },
    record: (server, order) => one(ask(server, 'record', { input: [order] })),
    giveBack(server, orderId, returnId, lines) {
      const back = Object.entries(lines).map(([line, quantity]) => ({ line, quantity }))
      return one(ask(server, 'giveBack', { input: [{ orderId, returnId, lines: back }] }))
    },
    redeem: (server, memberId, offerId, idempotencyKey) =>
      ask(server, 'redeem', { input: { memberId, offerId, idempotencyKey } }),
    balance: async (id, server = 0) => (await ask(server, 'balance', { id })).wallet.balance,
    async history(id) {
      const all: Data[] = []
      for (let after: string | null = null; ; ) {
        const member: Data = await ask(0, 'history', { id, after })
        const { transactions } = member.wallet
        all.push(...transactions.nodes)
        if (!transactions.pageInfo.hasNextPage) return all.reverse()
        after = transactions.pageInfo.endCursor
      }
    },
    async close() {
      for (const server of servers) await server.close()
    },
  }
}

/** An order that is signed for, of goods at whole prices by line. */
export function goods(
  memberId: string,
  orderId: string,
  at: number,
  lines: readonly ShopLine[],
  more: object = {},
) {
  return {
    memberId,
    orderId,
    at: new Date(at).toISOString(),
    currency: 'CNY',
    confirmed: true,
    lines: lines.map((line) => ({ article: `article-${line.id}`, ...line })),
    ...more,
  }
}

/** An offer of a coupon at a price set by hand. */
export function couponOffer(id: string, points: number, more: object = {}) {
  return {
    id,
    channel: 'coupon',
    title: { en: id, zh: id },
    cashValue: '10.00 CNY',
    price: { byHand: points },
    details: { type: 'direct-deduction', offMinor: 1000 },
    ...more,
  }
}
