import { defineNotifier, OPERATOR_ROLES, type OperatorRole } from '@pointwell/plugin'
import { buildSchema, loadConfig } from '@pointwell/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Data } from '../support/ask-program.js'
import { holdingRule } from '../support/holding-rule.js'
import { openStandInPartner } from '../support/stand-in-partner.js'
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
  applyPlaybook: () => ({
    query: `mutation { applyPlaybook(input: { offerId: "tea", reason: "${WHY}", idempotencyKey: "p" }) { ${REFUSAL} } }`,
    target: ['offer', 'tea'],
  }),
  revertPlaybook: async ({ playbook }) => ({
    query: `mutation { revertPlaybook(id: "${await playbook()}", reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['offer', 'tea'],
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
  approveRedemption: async ({ underReview }) => ({
    query: `mutation ($id: ID!) { approveRedemption(id: $id, reason: "${WHY}") { ${REFUSAL} } }`,
    variables: { id: await underReview('u-1') },
  }),
  declineRedemption: async ({ underReview }) => ({
    query: `mutation ($id: ID!) { declineRedemption(id: $id, reason: "${WHY}") { ${REFUSAL} } }`,
    variables: { id: await underReview('u-2') },
  }),
  redeliver: async ({ undelivered }) => {
    const id = await undelivered()
    return {
      query: `mutation ($id: ID!) { redeliver(id: $id, reason: "${WHY}") { ${REFUSAL} } }`,
      variables: { id },
      target: ['delivery', id],
    }
  },
  cancelRedemption: async ({ redeemed }) => ({
    query: `mutation ($id: ID!) { cancelRedemption(id: $id, reason: "${WHY}") { ${REFUSAL} } }`,
    variables: { id: await redeemed() },
  }),
  openStake: async ({ game }) => ({
    query: `mutation ($input: OpenStakeInput!) { openStake(input: $input) { ${REFUSAL} } }`,
    variables: { input: { ...(await game('stake')), id: 'match', reason: WHY } },
    target: ['stake-round', 'match'],
  }),
  settleStake: ({ close }) => ({
    query: `mutation { settleStake(input: { roundId: "${close()}", outcome: "a", reason: "${WHY}" }) { ${REFUSAL} } }`,
    target: ['stake-round', 'match'],
  }),
  voidStake: async ({ game }) => ({
    query: `mutation { voidStake(input: { roundId: "${(await game('stake', 'rain')).id}", reason: "${WHY}" }) { ${REFUSAL} } }`,
    target: ['stake-round', 'rain'],
  }),
  rotateGameSeed: async ({ game }) => ({
    query: `mutation { rotateGameSeed(input: { offerId: "${(await game('draw')).offerId}", reason: "${WHY}" }) { ${REFUSAL} } }`,
    target: ['game', 'a-draw'],
  }),
  handOverPrize: async ({ won }) => {
    const id = await won()
    return {
      query: `mutation ($id: ID!) { handOverPrize(input: { playId: $id, reason: "${WHY}" }) { ${REFUSAL} } }`,
      variables: { id },
      target: ['game-play', id],
    }
  },
  importGoodsCodes: async ({ goods }) => {
    await goods('film')
    return {
      query: `mutation { importGoodsCodes(offerId: "film", codes: ["a", "b"], reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['code-pool', 'film'],
    }
  },
  voidGoodsCodes: () => ({
    query: `mutation { voidGoodsCodes(offerId: "film", codes: ["b", "c"], reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['code-pool', 'film'],
  }),
  pickGoods: async ({ goods }) => {
    const id = await goods('pot')
    return {
      query: `mutation { pickGoods(redemptionIds: ["${id}", "${id}"], reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['shipment', id],
    }
  },
  sendGoods: async ({ goods }) => {
    const id = await goods('pot')
    return {
      query: `mutation { sendGoods(input: [{ redemptionId: "${id}", carrier: "SF", trackingNumber: "1" }], reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['shipment', id],
    }
  },
  receiveGoods: async ({ goods }) => {
    const id = await goods('pot')
    return {
      query: `mutation { receiveGoods(redemptionIds: ["${id}"], reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['shipment', id],
    }
  },
  declineGoodsReturn: async ({ goods }) => {
    const id = await goods('pot')
    await goods('pot', 'requestGoodsReturn')
    return {
      query: `mutation { declineGoodsReturn(redemptionId: "${id}", reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['shipment', id],
    }
  },
  acceptGoodsReturn: async ({ goods }) => {
    const id = await goods('pot')
    return {
      query: `mutation { acceptGoodsReturn(redemptionId: "${id}", reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['shipment', id],
    }
  },
  completeTopUp: async ({ goods }) => {
    const id = await goods('phone')
    return {
      query: `mutation { completeTopUp(redemptionId: "${id}", reference: "t-1", reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['shipment', id],
    }
  },
  failTopUp: async ({ goods }) => {
    const id = await goods('phone-2')
    return {
      query: `mutation { failTopUp(redemptionId: "${id}", reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['shipment', id],
    }
  },
  createPartner: () => ({
    query: `mutation { createPartner(input: { id: "p-1", title: { en: "P", zh: "伴" }, terms: PREPAID, currency: "CNY" }, reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['partner', 'p-1'],
  }),
  updatePartner: () => ({
    query: `mutation { updatePartner(input: { id: "p-1", active: false }, reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['partner', 'p-1'],
  }),
  payPartner: () => ({
    query: `mutation { payPartner(input: { partnerId: "p-1", amount: "5.00 CNY", idempotencyKey: "t-1" }, reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['partner', 'p-1'],
  }),
  importPartnerCodes: async ({ goods }) => {
    await goods('ticket')
    return {
      query: `mutation { importPartnerCodes(offerId: "ticket", codes: ["a", "b"], reason: "${WHY}") { ${REFUSAL} } }`,
      target: ['code-pool', 'ticket'],
    }
  },
  voidPartnerCodes: () => ({
    query: `mutation { voidPartnerCodes(offerId: "ticket", codes: ["b", "c"], reason: "${WHY}") { ${REFUSAL} } }`,
    target: ['code-pool', 'ticket'],
  }),
  endPartnerOrder: async ({ unheard }) => {
    const id = await unheard()
    return {
      query: `mutation { endPartnerOrder(input: { redemptionId: "${id}", outcome: NOT_GIVEN, reason: "${WHY}" }) { ${REFUSAL} } }`,
      target: ['partner-order', id],
    }
  },
  // Whom it was about, nobody knows any more.
  eraseMember: () => ({
    query: `mutation { eraseMember(input: { memberId: "m-3", reason: "${WHY}", idempotencyKey: "x" }) { ${REFUSAL} } }`,
    target: ['member', expect.stringMatching(/^erased-/) as unknown as string],
  }),
}

/** A notifier that delivers nothing. */
const mute = defineNotifier({
  id: 'mute',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Mute', zh: '静音' },
  settings: z.object({}),
  deliver: async () => ({ outcome: 'dead', detail: 'it says nothing' }),
})

interface World {
  /** The id of a message to m-1 that was given up. */
  undelivered(): Promise<string>
  /** The id of a playbook about the tea. */
  playbook(): Promise<string>
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
  /** The id of a redemption of m-1 that a risk rule holds. */
  underReview(key: string): Promise<string>
  /** The id of a redemption of m-1. */
  redeemed(): Promise<string>
  /** What a round of stakes says, of a game that is there; with an id it is open. */
  game(type: 'draw' | 'stake', id?: string): Promise<Record<string, unknown>>
  /** The round is past its close. */
  close(): string
  /** The id of a redemption of m-1 that a partner's API does not answer about. */
  unheard(): Promise<string>
  /** The id of a play that won a thing. */
  won(): Promise<string>
  /** The id of a redemption of m-1 of these goods, which there is one of; `then` is done with it. */
  goods(what: keyof typeof GOODS, then?: 'requestGoodsReturn'): Promise<string>
}

const GOODS = {
  film: { type: 'virtual', gives: { kind: 'code' } },
  ticket: { partner: 'p-1', costMinor: 0, gives: { source: 'pool' } },
  pot: { type: 'physical' },
  phone: { type: 'virtual', gives: { kind: 'top-up' } },
  'phone-2': { type: 'virtual', gives: { kind: 'top-up' } },
} as const

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
    const watch = holdingRule(
      ({ kind, event }) =>
        kind === 'redeem' && (event as { offer?: { id: string } }).offer?.id === 'looked-at',
    )
    const plugins = [...(await loadConfig(undefined)).plugins, mute, watch]
    server = await startTestServer({ jobs: false, trustProxy: true, plugins })
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
    async undelivered() {
      const { wallet } = (await server.program.members.find('m-1'))!
      const figures = { points: 5, date: '2026-02-01', days: 7 }
      const message = { wallet, kind: 'expiring', name: 'soon', figures } as const
      await server.program.messages.write([{ ...message, writtenAt: server.time.now }])
      await server.program.deliveries.deliverDue()
      const { nodes } = await done('{ deliveries(state: DEAD) { nodes { id } } }', fred)
      return nodes[0].id
    },
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
    async playbook() {
      const input = { offerId: 'tea', reason: 'r', idempotencyKey: 'made ready' }
      const made = await done(
        `mutation ($input: ApplyPlaybookInput!) { applyPlaybook(input: $input) { ... on Playbook { id } ${REFUSAL} } }`,
        fred,
        { input },
      )
      return made.id
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
    async underReview(key) {
      // There already, for the second one.
      await server.ask(
        'mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename } }',
        {
          token: fred,
          variables: { input: { ...OFFER, id: 'looked-at', price: { byHand: 1 } } },
        },
      )
      const redeemed = await done(
        `mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redemption { id status } ${REFUSAL} } }`,
        shop,
        { input: { memberId: 'm-1', offerId: 'looked-at', idempotencyKey: key } },
      )
      expect(redeemed.status).toBe('UNDER_REVIEW')
      return redeemed.id
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
    async game(type, id) {
      const title = { en: 'A game', zh: '游戏' }
      const prizes = [{ id: 'cup', title, item: true, costMinor: 1 }]
      const draw = { type, chance: '1', prizes, budget: { costMinor: 9 } }
      const details = type === 'draw' ? draw : { type }
      const offerId = `a-${type}`
      const offer = { ...OFFER, id: offerId, channel: 'game', price: { byHand: 1 }, details }
      // There already, for the second one.
      await server.ask(
        'mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename } }',
        { token: fred, variables: { input: offer } },
      )
      const outcomes = ['a', 'b'].map((it) => ({ id: it, title }))
      const closesAt = new Date(server.time.now + 1).toISOString()
      const round = { offerId, title, outcomes, closesAt }
      if (id !== undefined) {
        await done(
          `mutation ($input: OpenStakeInput!) { openStake(input: $input) { ${REFUSAL} } }`,
          fred,
          { input: { ...round, id, reason: 'r' } },
        )
      }
      return { ...round, ...(id !== undefined && { id }) }
    },
    close() {
      server.time.now += 1
      return 'match'
    },
    async won() {
      const { offerId } = await world.game('draw')
      const input = { memberId: 'm-1', offerId, idempotencyKey: 'w' }
      const played = await done(
        `mutation ($input: PlayGameInput!) { playGame(input: $input) { ... on GamePlayed { play { id } } ${REFUSAL} } }`,
        shop,
        { input },
      )
      return played.play.id
    },
    async unheard() {
      const there = await openStandInPartner()
      const { url: apiUrl, secretName } = there
      const partner = {
        id: 'p-2',
        title: { en: 'P', zh: '伴' },
        terms: 'POSTPAID',
        currency: 'CNY',
      }
      await done(
        `mutation ($input: CreatePartnerInput!) { createPartner(input: $input) { ${REFUSAL} } }`,
        fred,
        { input: { ...partner, apiUrl, secretName } },
      )
      const details = { partner: 'p-2', costMinor: 100, gives: { source: 'api', product: 's' } }
      await done(
        `mutation ($input: CreateOfferInput!) { createOffer(input: $input) { ${REFUSAL} } }`,
        fred,
        { input: { ...OFFER, id: 'seat', channel: 'partner', price: { byHand: 1 }, details } },
      )
      there.down(1)
      const redeemed = await done(
        `mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redemption { id status } ${REFUSAL} } }`,
        shop,
        { input: { memberId: 'm-1', offerId: 'seat', idempotencyKey: 'seat' } },
      )
      expect(redeemed.status).toBe('UNKNOWN')
      return redeemed.id
    },
    async goods(what, then) {
      const details = GOODS[what]
      const title = { en: what, zh: what }
      const channel = 'partner' in details ? 'partner' : 'goods'
      await server.ask(
        `mutation ($input: CreateOfferInput!) { createOffer(input: $input) { ${REFUSAL} } }`,
        {
          token: fred,
          variables: {
            input: { ...OFFER, id: what, channel, title, details, price: { byHand: 1 } },
          },
        },
      )
      if (what === 'film' || what === 'ticket') return what
      const order = what === 'pot' ? { address: 'a-1' } : { account: '13912345678' }
      const { id } = await done(
        `mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redemption { id } ${REFUSAL} } }`,
        shop,
        { input: { memberId: 'm-1', offerId: what, idempotencyKey: what, order } },
      )
      if (then) await done(`mutation { ${then}(redemptionId: "${id}") { ${REFUSAL} } }`, shop)
      return id
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
