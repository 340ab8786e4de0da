import type { Fulfilment } from '@pointwell/plugin'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Data,
  dataOf,
  faultOf,
  type ProgramRequest,
  viewerOf,
} from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'

const title = { en: 'Tea', zh: '茶' }
const tea = { id: 'tea', channel: 'shelf', title, cashValue: '10.00 CNY', stock: { total: 3 } }

const REFUSAL = '... on Refusal { code message field available needed limit when }'
const QUOTE = `mutation ($offerId: ID!, $memberId: ID) { quote(offerId: $offerId, memberId: $memberId) {
  __typename ... on Quote { id points expiresAt offer { id title price } } ${REFUSAL} } }`
const REDEMPTION = `id memberId points status receipt createdAt settledAt refusal { code message }
  offer { id title stock { left } } transaction { id type points explanation { step points } }`
const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) {
  __typename ... on Redemption { ${REDEMPTION} } ${REFUSAL} } }`
const CANCEL = `mutation ($id: ID!) { cancelRedemption(id: $id) {
  __typename ... on Redemption { ${REDEMPTION} } ${REFUSAL} } }`
const ONE = `query ($id: ID!) { redemption(id: $id) { ${REDEMPTION} } }`

describe.each(availableStores().filter((it) => it !== 'memory'))('redemptions on %s', (store) => {
  let test: TestProgram
  let answers: Fulfilment[]
  let cancels: ('cancelled' | 'refused' | 'unknown')[]
  const ann = viewerOf.member('ann')

  beforeEach(async () => {
    answers = []
    cancels = []
    const channel = scriptedChannel({
      fulfil: async (id) =>
        answers.shift() ?? { outcome: 'fulfilled', receipt: { code: `C-${id}` } },
      cancel: async () => cancels.shift() ?? 'cancelled',
    })
    test = await openTestProgram(store, { plugins: [shop, channel] })
    await test.program.members.registerMany([{ id: 'ann' }, { id: 'zoe' }])
    await test.program.offers.create(tea)
    const lines = [{ id: '1', quantity: 1, priceMinor: 900_00 }]
    const event = { orderId: 'o', at: MONDAY_NOON, lines }
    await test.program.earn({ source: 'purchase', memberId: 'ann', event })
  })

  const quote = async (variables: Record<string, unknown>, request: ProgramRequest = {}) =>
    (await dataOf(test, QUOTE, { viewer: ann, ...request, variables })).quote
  const redeem = async (input: object, request: ProgramRequest = {}) =>
    (await dataOf(test, REDEEM, { viewer: ann, ...request, variables: { input } })).redeem
  const cancel = async (id: string, request: ProgramRequest = {}) =>
    (await dataOf(test, CANCEL, { viewer: ann, ...request, variables: { id } })).cancelRedemption
  const look = async (id: string, request: ProgramRequest = {}) =>
    (await dataOf(test, ONE, { viewer: ann, ...request, variables: { id } })).redemption
  const key = (idempotencyKey: string) => ({ offerId: 'tea', idempotencyKey })

  describe('quote', () => {
    it('R3: promises a price for some minutes', async () => {
      expect(await quote({ offerId: 'tea' })).toEqual({
        __typename: 'Quote',
        id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        points: 500,
        expiresAt: '2026-01-05T04:10:00.000Z',
        offer: { id: 'tea', title: 'Tea', price: 500 },
      })
      const { storefront: viewer } = viewerOf
      expect(await quote({ offerId: 'tea', memberId: 'ann' }, { viewer })).toMatchObject({
        points: 500,
      })
    })

    it('L9: tells how the price came about, by the tier too', async () => {
      const explained = `mutation { quote(offerId: "tea") { ... on Quote {
        points explanation { step points title figures } } } }`
      const steps = async (language: 'en' | 'zh') =>
        (await dataOf(test, explained, { viewer: ann, language })).quote
      await test.program.policies.update({
        by: 'test',
        document: {
          tiers: {
            levels: [
              { id: 'all', title: { en: 'All', zh: '全部' }, threshold: '0', priceFactor: '0.9' },
            ],
          },
        },
      })
      const { points, explanation } = await steps('en')
      expect(points).toBe(450)
      expect(explanation).toMatchObject([
        { step: 'cash-value', points: '500' },
        { step: 'tier', points: '-50', figures: { tier: 'all', factor: '0.9' } },
      ])
      const inChinese = (await steps('zh')).explanation
      for (const [place, { title }] of explanation.entries()) {
        expect(title).not.toBe('')
        expect(inChinese[place].title).not.toBe(title)
      }
    })

    it('holds when the price has changed', async () => {
      const { id } = await quote({ offerId: 'tea' })
      await test.program.offers.update({ id: 'tea', price: { byHand: 800 } })
      expect(await redeem({ quoteId: id })).toMatchObject({ points: 500, status: 'FULFILLED' })
    })

    it.each<[string, object, object]>([
      ['an offer there is not', { id: 'x' }, { code: 'OFFER_NOT_FOUND', field: 'offerId' }],
      ['an offer that is closed', { active: false }, { code: 'OFFER_NOT_OPEN' }],
      [
        'an offer that opens later',
        { window: { from: MONDAY_NOON + DAY_MS } },
        { code: 'OFFER_NOT_OPEN', when: '2026-01-06T04:00:00.000Z' },
      ],
      ['an offer for others', { tiers: ['gold'] }, { code: 'OFFER_NOT_FOR_YOU' }],
    ])('refuses %s', async (_, change, refusal) => {
      const { id: offerId = 'tea', ...terms } = change as { id?: string }
      await test.program.offers.update({ id: 'tea', ...terms })
      expect(await quote({ offerId })).toMatchObject({ __typename: 'Refusal', ...refusal })
    })

    it('A6: refuses who is not registered, and members who speak for others', async () => {
      expect(await quote({ offerId: 'tea' }, { viewer: viewerOf.member('eve') })).toMatchObject({
        code: 'MEMBER_NOT_FOUND',
        field: 'memberId',
      })
      const variables = { offerId: 'tea', memberId: 'zoe' }
      expect(await faultOf(test, QUOTE, { viewer: ann, variables })).toEqual({ code: 'FORBIDDEN' })
    })
  })

  describe('redeem', () => {
    it('R6: spends the points and shows the receipt; once a key', async () => {
      const done = await redeem({ ...key('k'), order: { name: 'Ann' } })
      expect(done).toEqual({
        __typename: 'Redemption',
        id: expect.any(String),
        memberId: 'ann',
        points: 500,
        status: 'FULFILLED',
        receipt: { code: `C-${done.id}` },
        createdAt: '2026-01-05T04:00:00.000Z',
        settledAt: '2026-01-05T04:00:00.000Z',
        refusal: null,
        offer: { id: 'tea', title: 'Tea', stock: { left: 2 } },
        transaction: {
          id: '1-2',
          type: 'HOLD',
          points: -500,
          explanation: [{ step: 'cash-value', points: '500' }],
        },
      })
      expect(await redeem({ ...key('k'), order: { name: 'Ann' } })).toEqual(done)
      expect(await look(done.id)).toMatchObject({ id: done.id, status: 'FULFILLED' })
    })

    it('R6: shows what the channel refused, with the points back', async () => {
      answers = [{ outcome: 'refused', code: 'EMPTY' }]
      expect(await redeem(key('k'), { language: 'zh' })).toMatchObject({
        __typename: 'Redemption',
        status: 'RELEASED',
        refusal: { code: 'EMPTY', message: '货架已空。' },
        receipt: null,
        offer: { title: '茶', stock: { left: 3 } },
      })
      const { me } = await dataOf(test, '{ me { wallet { balance { available held } } } }', {
        viewer: ann,
      })
      expect(me.wallet.balance).toEqual({ available: 900, held: 0 })
    })

    it('R6: shows what the channel does not know yet, with the points on hold', async () => {
      answers = [{ outcome: 'unknown' }]
      const asked = await redeem(key('k'))
      expect(asked).toMatchObject({ status: 'UNKNOWN', receipt: null, settledAt: null })
      test.time.now += 60_000
      await test.program.redemptions.takeUpDue(10)
      expect(await look(asked.id)).toMatchObject({
        status: 'FULFILLED',
        settledAt: '2026-01-05T04:01:00.000Z',
      })
    })

    it.each<[string, object, object]>([
      ['neither offer nor quote', { offerId: null }, { code: 'INVALID_INPUT', field: 'offerId' }],
      ['offer and quote', { quoteId: 'q' }, { code: 'INVALID_INPUT', field: 'offerId' }],
      ['no key', { idempotencyKey: null }, { code: 'INVALID_INPUT', field: 'idempotencyKey' }],
      [
        'a key too long',
        { idempotencyKey: 'k'.repeat(101) },
        { code: 'INVALID_INPUT', field: 'idempotencyKey' },
      ],
      ['an offer there is not', { offerId: 'x' }, { code: 'OFFER_NOT_FOUND', field: 'offerId' }],
      [
        'a quote there is not',
        { offerId: null, quoteId: 'x' },
        { code: 'QUOTE_NOT_FOUND', field: 'quoteId' },
      ],
      [
        'an order that is none',
        { order: { shoe: 1 } },
        { code: 'INVALID_INPUT', field: 'order.shoe' },
      ],
      ['what the channel checks', { order: { name: 'nobody' } }, { code: 'EMPTY' }],
    ])('refuses %s, and takes nothing', async (_, input, refusal) => {
      expect(await redeem({ ...key('k'), ...input })).toMatchObject({
        __typename: 'Refusal',
        ...refusal,
      })
      const { me } = await dataOf(test, '{ me { redemptions { nodes { id } } } }', { viewer: ann })
      expect(me.redemptions.nodes).toEqual([])
    })

    it('A2: refuses with the figures that a screen needs, in the language of the request', async () => {
      await redeem(key('1'))
      expect(await redeem(key('2'), { language: 'zh' })).toEqual({
        __typename: 'Refusal',
        code: 'INSUFFICIENT_POINTS',
        message: '积分不足。',
        field: null,
        available: 400,
        needed: 500,
        limit: null,
        when: null,
      })
      await test.program.offers.update({ id: 'tea', limitPerMember: { count: 1, period: 'day' } })
      await test.program.offers.update({ id: 'tea', price: { byHand: 1 } })
      expect(await redeem(key('3'))).toMatchObject({ status: 'FULFILLED' })
      expect(await redeem(key('4'))).toMatchObject({
        code: 'LIMIT_REACHED',
        limit: 1,
        when: '2026-01-05T16:00:00.000Z',
      })
      await test.program.offers.update({ id: 'tea', limitPerMember: null, stock: { total: 2 } })
      expect(await redeem(key('5'))).toMatchObject({ code: 'OUT_OF_STOCK', available: 0 })
      expect(await redeem({ ...key('1'), order: { name: 'x' } })).toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
        field: 'order.name',
      })
    })

    it('R3: refuses a quote that ran out, and another member’s', async () => {
      const { id: quoteId } = await quote({ offerId: 'tea' })
      expect(await redeem({ quoteId }, { viewer: viewerOf.member('zoe') })).toMatchObject({
        code: 'QUOTE_NOT_FOUND',
      })
      test.time.now += 600_000
      expect(await redeem({ quoteId })).toMatchObject({
        code: 'QUOTE_EXPIRED',
        when: '2026-01-05T04:10:00.000Z',
      })
    })

    it('A6: a storefront redeems for a member; a member for itself', async () => {
      const input = { ...key('k'), memberId: 'ann' }
      const { storefront: viewer } = viewerOf
      expect(await redeem(input, { viewer })).toMatchObject({ memberId: 'ann' })
      expect(await redeem({ ...key('k'), memberId: 'eve' }, { viewer })).toMatchObject({
        code: 'MEMBER_NOT_FOUND',
        field: 'memberId',
      })
      const request = { viewer: viewerOf.member('zoe'), variables: { input } }
      expect(await faultOf(test, REDEEM, request)).toEqual({ code: 'FORBIDDEN' })
    })
  })

  describe('cancelRedemption', () => {
    it('R7: gives back what its channel takes back', async () => {
      const { id } = await redeem(key('k'))
      test.time.now += 1_000
      expect(await cancel(id, { viewer: viewerOf.operator('support') })).toMatchObject({
        __typename: 'Redemption',
        status: 'CANCELLED',
        offer: { stock: { left: 3 } },
        settledAt: '2026-01-05T04:00:01.000Z',
      })
      expect(await cancel(id)).toMatchObject({ status: 'CANCELLED' })
    })

    it('R7: shows what is still being asked', async () => {
      const { id } = await redeem(key('k'))
      cancels = ['unknown']
      expect(await cancel(id)).toMatchObject({ status: 'CANCELLING' })
    })

    it('A2: refuses what cannot be cancelled', async () => {
      expect(await cancel('x', { language: 'zh' })).toMatchObject({
        __typename: 'Refusal',
        code: 'REDEMPTION_NOT_FOUND',
        field: 'id',
        message: '没有这笔兑换。',
      })
      answers = [{ outcome: 'unknown' }]
      const unknown = await redeem(key('u'))
      expect(await cancel(unknown.id)).toMatchObject({ code: 'REDEMPTION_NOT_FULFILLED' })
      await test.program.offers.update({ id: 'tea', price: { byHand: 1 } })
      const done = await redeem(key('k'))
      cancels = ['refused']
      expect(await cancel(done.id)).toMatchObject({ code: 'EMPTY', message: 'The shelf is empty.' })
      expect(await look(done.id)).toMatchObject({ status: 'FULFILLED' })
    })
  })

  describe('redemption', () => {
    it('A6: another member’s is as one that is not there', async () => {
      const { id } = await redeem(key('k'))
      const zoe = viewerOf.member('zoe')
      expect(await look(id, { viewer: zoe })).toBeNull()
      expect(await look('x', { viewer: zoe })).toBeNull()
      const refused = await cancel(id, { viewer: zoe })
      expect(refused).toMatchObject({ code: 'REDEMPTION_NOT_FOUND' })
      expect(await cancel('x', { viewer: zoe })).toEqual(refused)
      for (const viewer of [ann, viewerOf.storefront, viewerOf.operator('finance')]) {
        expect(await look(id, { viewer })).toMatchObject({ id, status: 'FULFILLED' })
      }
    })

    it('come in pages of a member, the newest first', async () => {
      await test.program.offers.update({ id: 'tea', price: { byHand: 1 } })
      const ids: string[] = []
      for (const name of ['1', '2', '3']) {
        ids.unshift((await redeem(key(name))).id)
        test.time.now += 1_000
      }
      const page = `query ($after: String) { me { redemptions(first: 2, after: $after) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`
      const read = async (variables: Record<string, unknown> = {}) =>
        (await dataOf(test, page, { viewer: ann, variables })).me.redemptions
      const first = await read()
      expect(first.nodes.map(({ id }: Data) => id)).toEqual(ids.slice(0, 2))
      expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
      const second = await read({ after: first.pageInfo.endCursor })
      expect(second.nodes.map(({ id }: Data) => id)).toEqual(ids.slice(2))
      expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
      const request = { viewer: ann, variables: { after: 'x' } }
      expect(await faultOf(test, page, request)).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    })
  })
})
