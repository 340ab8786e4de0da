import { OPERATOR_ROLES, type OperatorRole } from '@pointwell/plugin'
import { buildSchema, loadConfig } from '@pointwell/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

/** What an operator may call and that changes nothing, with the reason. Written by hand. */
const NOT_AUDITED: Readonly<Record<string, string>> = {}

interface Try {
  readonly query: string
  readonly variables?: Record<string, unknown>
  /** How many entries it makes; default 1. */
  readonly entries?: number
  /** What the entries are about; default: the member `m-1`. */
  readonly target?: readonly [kind: string, id: string]
  /** What the entries are called, where it is not the mutation's own name. */
  readonly act?: string
  /** It only begins something: there is nothing to show before and after. */
  readonly isBegun?: boolean
  /** Why, as the entry has it; null: the mutation takes no reason. */
  readonly reason?: string | null
}

const REFUSAL = '... on Refusal { code field message }'
const WHY = 'because the shop asked'
const OFFER = {
  id: 'tea',
  channel: 'coupon',
  title: { en: 'Tea', zh: '茶' },
  cashValue: '1.00 CNY',
  price: { byHand: 10 },
  details: { type: 'cash', worthMinor: 100 },
}

/** One act that goes through for every mutation that an operator may call, in an order in which each
 * finds what it needs. Another operator has made ready what `makeReady` says. */
const ACTS: Readonly<Record<string, (world: World) => Try | Promise<Try>>> = {
  registerMember: () => ({
    query: `mutation { registerMember(input: { id: "m-2" }, reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['member', 'm-2'],
  }),
  registerMembers: () => ({
    query: `mutation { registerMembers(input: [{ id: "m-3" }, { id: "m-4" }, { id: "m-1" }], reason: "${WHY}") { ${REFUSAL} } }`,
    entries: 2,
    act: 'registerMember',
    target: ['member', 'm-4'],
  }),
  updateMember: () => ({
    query: `mutation { updateMember(input: { id: "m-1", region: "class-3" }, reason: "${WHY}") { ${REFUSAL} } }`,
  }),
  createOffer: () => ({
    query: `mutation ($input: CreateOfferInput!) { createOffer(input: $input, reason: "${WHY}") { ${REFUSAL} } }`,
    variables: { input: OFFER },
    target: ['offer', 'tea'],
  }),
  updateOffer: () => ({
    query: `mutation { updateOffer(input: { id: "tea", active: true }, reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['offer', 'tea'],
  }),
  updatePolicy: () => ({
    query: `mutation { updatePolicy(input: { document: { returns: { policy: "pending-only" } }, note: "${WHY}" }) { ... on PolicyInvalid { faults { path } } ${REFUSAL} } }`,
    target: ['policy', '2'],
  }),
  recordPriceIndex: () => ({
    query: `mutation { recordPriceIndex(input: [{ month: "2024-01", figure: "100" }, { month: "2025-01", figure: "110" }], reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['price-index', '2025-01'],
  }),
  announcePointValue: ({ proposed }) => proposed(),
  adjustPoints: () => ({
    query: `mutation { adjustPoints(input: { memberId: "m-1", points: 50, reason: "${WHY}", idempotencyKey: "a" }) { ${REFUSAL} } }`,
  }),
  extendPoints: () => ({
    query: `mutation { extendPoints(input: { memberId: "m-1", expiringBy: "2030-01-01", days: 5, reason: "${WHY}", idempotencyKey: "e" }) { ${REFUSAL} } }`,
  }),
  approveAdjustment: async ({ waiting }) => ({
    query: 'mutation ($id: ID!) { approveAdjustment(id: $id) { ... on Refusal { code } } }',
    variables: { id: await waiting('b') },
    reason: 'b',
  }),
  declineAdjustment: async ({ waiting }) => ({
    query: `mutation ($id: ID!) { declineAdjustment(id: $id, reason: "${WHY}") { ... on Refusal { code } } }`,
    variables: { id: await waiting('c') },
  }),
  freezePoints: () => ({
    query: `mutation { freezePoints(input: { memberId: "m-1", points: 5, reason: "${WHY}", idempotencyKey: "f" }) { ${REFUSAL} } }`,
  }),
  thawPoints: async ({ frozen }) => ({
    query: `mutation ($id: ID!) { thawPoints(id: $id, reason: "${WHY}") { ... on Refusal { code } } }`,
    variables: { id: await frozen('g') },
  }),
  voidFrozenPoints: async ({ frozen }) => ({
    query: `mutation ($id: ID!) { voidFrozenPoints(id: $id, reason: "${WHY}") { ... on Refusal { code } } }`,
    variables: { id: await frozen('h') },
  }),
  setMembership: () => ({
    query: `mutation { setMembership(input: { memberId: "m-1", until: null, reason: "${WHY}", idempotencyKey: "m" }) { ${REFUSAL} } }`,
  }),
  renewMembership: async ({ termed }) => {
    await termed()
    return {
      query: `mutation { renewMembership(input: { memberId: "m-1", reason: "${WHY}", idempotencyKey: "n" }) { ${REFUSAL} } }`,
    }
  },
  moderateReview: async ({ reviewed }) => ({
    query: `mutation ($input: ModerateReviewInput!) { moderateReview(input: $input) { ${REFUSAL} } }`,
    variables: { input: { ...(await reviewed()), reason: WHY } },
  }),
  decideReferral: async ({ held }) => ({
    query: `mutation ($input: DecideReferralInput!) { decideReferral(input: $input) { ${REFUSAL} } }`,
    variables: { input: { friendId: await held(), release: true, reason: WHY } },
    target: ['member', 'm-2'],
  }),
  mergeMembers: async ({ twin }) => ({
    query: `mutation { mergeMembers(input: { from: "${await twin()}", into: "m-1", reason: "${WHY}", idempotencyKey: "g" }) { ${REFUSAL} } }`,
  }),
  decideIdentityCase: async ({ opened }) => {
    const id = await opened()
    return {
      query: `mutation ($id: ID!) { decideIdentityCase(id: $id, decision: CLEAR, reason: "${WHY}") { ${REFUSAL} } }`,
      variables: { id },
      target: ['identity-case', id],
    }
  },
  setMemberTier: () => ({
    query: `mutation { setMemberTier(input: { memberId: "m-1", tier: "gold", until: "2026-03-01T00:00:00Z", reason: "${WHY}", idempotencyKey: "t" }) { ${REFUSAL} } }`,
  }),
  grantTierAccelerator: () => ({
    query: `mutation { grantTierAccelerator(input: { memberId: "m-1", factor: "1.5", days: 9, reason: "${WHY}", idempotencyKey: "u" }) { ${REFUSAL} } }`,
  }),
  pauseEarning: () => ({
    query: `mutation { pauseEarning(source: "check-in", reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['source', 'check-in'],
  }),
  resumeEarning: () => ({
    query: `mutation { resumeEarning(source: "check-in", reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['source', 'check-in'],
  }),
  settleKeptEvents: () => ({
    query: `mutation { settleKeptEvents(source: "check-in", reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['source', 'check-in'],
  }),
  runJob: () => ({
    query: `mutation { runJob(name: "sweep", reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['job', 'sweep'],
    isBegun: true,
  }),
  cancelRedemption: async ({ redeemed }) => ({
    query: `mutation ($id: ID!) { cancelRedemption(id: $id, reason: "${WHY}") { ${REFUSAL} } }`,
    variables: { id: await redeemed() },
  }),
  // Whom it was about, nobody knows any more.
  eraseMember: () => ({
    query: `mutation { eraseMember(input: { memberId: "m-3", reason: "${WHY}", idempotencyKey: "x" }) { ${REFUSAL} } }`,
    target: ['member', expect.stringMatching(/^erased-/) as unknown as string],
  }),
}

interface World {
  /** Says yes to the value of a point that the price index proposes. */
  proposed(): Promise<Try>
  /** Somebody else who is m-1, too. */
  twin(): Promise<string>
  /** The id of an adjustment that another operator asked for. */
  waiting(reason: string): Promise<string>
  /** The id of a freeze of 5 points of m-1. */
  frozen(key: string): Promise<string>
  /** Memberships run out. */
  termed(): Promise<void>
  /** A line of an order of m-1 that was reviewed. */
  reviewed(): Promise<{ orderId: string; lineId: string }>
  /** Who accepted the code of m-1 on the same device. */
  held(): Promise<string>
  /** The id of a case of four members with one device. */
  opened(): Promise<string>
  /** The id of a redemption of m-1. */
  redeemed(): Promise<string>
}

const { plugins } = await loadConfig(undefined)
const schema = buildSchema(plugins)
const isOperators = (access: unknown) =>
  Array.isArray(access) && access.some((it) => OPERATOR_ROLES.includes(it as OperatorRole))
const mutations = Object.values(schema.getMutationType()!.getFields())
  .filter(({ extensions }) => isOperators(extensions.access))
  .map(({ name }) => name)

describe('O5: what operators may do', () => {
  let server: TestServer
  let rosa: string
  let shop: string
  let fred: string

  beforeAll(async () => {
    server = await startTestServer({ jobs: false, trustProxy: true })
    rosa = await server.token('operator', { subject: 'rosa', roles: ['admin', 'rules'] })
    fred = await server.token('operator', { subject: 'fred', roles: ['admin'] })
    shop = await server.token('storefront')
    await done('mutation { registerMember(input: { id: "m-1" }) { __typename } }', shop)
  })
  afterAll(() => server.close())

  async function done(query: string, token: string, variables = {}): Promise<Data> {
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const { data, errors } = await server.ask(query, { token, variables, headers })
    expect(errors).toBeUndefined()
    const [answer] = Object.values(data) as Data[]
    expect([answer].flat().find((it: Data) => it.code || it.faults)).toBeUndefined()
    return answer
  }

  const world: World = {
    async proposed() {
      const document = { pointValue: { follows: { baseMonth: '2024-01' } } }
      await done(
        'mutation ($document: JSON!) { updatePolicy(input: { document: $document }) { ... on PolicyInvalid { faults { path } } } }',
        fred,
        { document },
      )
      const { proposal } = await done('{ pointValue { proposal { from value } } }', fred)
      return {
        query: `mutation ($input: AnnouncePointValueInput!) { announcePointValue(input: $input) { ${REFUSAL} } }`,
        variables: { input: { ...proposal, note: WHY } },
        act: 'updatePolicy',
        target: ['policy', '4'],
      }
    },
    async waiting(reason) {
      const input = { memberId: 'm-1', points: 5_000, reason, idempotencyKey: reason }
      const asked = await done(
        'mutation ($input: AdjustPointsInput!) { adjustPoints(input: $input) { ... on Adjustment { id status } } }',
        fred,
        { input },
      )
      expect(asked.status).toBe('WAITING')
      return asked.id
    },
    async frozen(key) {
      const input = { memberId: 'm-1', points: 5, reason: 'r', idempotencyKey: key }
      const made = await done(
        `mutation ($input: FreezePointsInput!) { freezePoints(input: $input) { ... on Freeze { id } ${REFUSAL} } }`,
        fred,
        { input },
      )
      return made.id
    },
    async twin() {
      await done('mutation { registerMember(input: { id: "m-9" }) { __typename } }', shop)
      return 'm-9'
    },
    async termed() {
      const input = { document: { membership: { enabled: true } } }
      await done(
        'mutation ($input: UpdatePolicyInput!) { updatePolicy(input: $input) { ... on PolicyInvalid { faults { path } } } }',
        fred,
        { input },
      )
    },
    async reviewed() {
      const line = { id: '1', article: 's', quantity: 1, unitPrice: '100.00' }
      const at = new Date(server.time.now).toISOString()
      const what = { at, currency: 'CNY', lines: [line], confirmed: true }
      const order = { orderId: 'o-1', memberId: 'm-1', ...what }
      await done(
        `mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { ${REFUSAL} } }`,
        shop,
        { input: order },
      )
      const review = { memberId: 'm-1', orderId: 'o-1', lineId: '1', reviewId: 'v' }
      await done(
        `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) { ${REFUSAL} } }`,
        shop,
        { input: { ...review, text: 'It holds what it promises, and more than that. '.repeat(3) } },
      )
      return { orderId: 'o-1', lineId: '1' }
    },
    async held() {
      const device = 'phone-1'
      const { referralCode: code } = await done(
        `mutation ($input: CreateReferralCodeInput!) { createReferralCode(input: $input) { ... on ReferralCodeCreated { referralCode } ${REFUSAL} } }`,
        shop,
        { input: { memberId: 'm-1', deviceId: device } },
      )
      const accepted = await done(
        `mutation ($input: AcceptReferralInput!) { acceptReferral(input: $input) { ... on ReferralAccepted { heldBecause } ${REFUSAL} } }`,
        shop,
        { input: { memberId: 'm-2', code, deviceId: device } },
      )
      expect(accepted.heldBecause).toEqual(['same-device'])
      return 'm-2'
    },
    async opened() {
      const members = ['x-1', 'x-2', 'x-3', 'x-4']
      await done(
        'mutation ($input: [RegisterMemberInput!]!) { registerMembers(input: $input) { __typename } }',
        shop,
        { input: members.map((id) => ({ id })) },
      )
      for (const memberId of members) {
        await done(
          `mutation ($input: ReportIdentitiesInput!) { reportIdentities(input: $input) { ${REFUSAL} } }`,
          shop,
          { input: { memberId, identities: [{ kind: 'device', value: 'tablet' }] } },
        )
      }
      const { nodes } = await done('{ identityCases { nodes { id } } }', fred)
      return nodes[0].id
    },
    async redeemed() {
      const input = { memberId: 'm-1', offerId: 'tea', idempotencyKey: 'r' }
      const redeemed = await done(
        `mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redemption { id status } ${REFUSAL} } }`,
        shop,
        { input },
      )
      expect(redeemed.status).toBe('FULFILLED')
      return redeemed.id
    },
  }

  const entries = async (): Promise<Data[]> => {
    const { nodes } = await done(
      `{ auditEntries(first: 100, filter: { by: "rosa" }) { nodes {
        id at by roles address act targetKind targetId reason before after transaction { id } } } }`,
      fred,
    )
    return nodes
  }

  it('is in this list, act by act, or is said to change nothing', () => {
    expect([...Object.keys(ACTS), ...Object.keys(NOT_AUDITED)].sort()).toEqual(mutations.sort())
  })

  it.each(Object.keys(ACTS))('%s is audited, once, with who, from where and why', async (name) => {
    const act = await ACTS[name]!(world)
    const before = await entries()
    await done(act.query, rosa, act.variables)
    const fresh = (await entries()).slice(0, -before.length || undefined)
    expect(fresh).toHaveLength(act.entries ?? 1)
    const [kind, id] = act.target ?? ['member', 'm-1']
    expect(fresh[0]).toMatchObject({
      by: 'rosa',
      roles: ['admin', 'rules'],
      address: '203.0.113.7',
      at: new Date(server.time.now).toISOString(),
      act: act.act ?? name,
      targetKind: kind,
      targetId: id,
      reason: act.reason === undefined ? WHY : act.reason,
    })
    expect(fresh[0].after === null).toBe(act.isBegun ?? false)
  })

  it('leaves no trace where it was refused, and none of what others did', async () => {
    const before = await entries()
    const { data } = await server.ask(
      `mutation { updateOffer(input: { id: "none", active: true }) { ${REFUSAL} } }`,
      { token: rosa },
    )
    expect(data.updateOffer.code).toBe('OFFER_NOT_FOUND')
    await done('mutation { registerMember(input: { id: "m-9" }) { __typename } }', shop)
    expect(await entries()).toEqual(before)
  })
})
