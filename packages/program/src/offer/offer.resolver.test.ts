import type { Viewer } from '@pointwell/plugin'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  askProgram,
  type Data,
  dataOf,
  faultOf,
  type ProgramRequest,
  viewerOf,
} from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { shop } from '../../../../test/support/test-program-plugins.js'

const title = { en: 'Tea', zh: '茶' }
const tea = {
  id: 'tea',
  channel: 'shelf',
  title,
  cashValue: '10.00 CNY',
  cost: '4.50 CNY',
  paidBy: 'kitchen',
  stock: { total: 3 },
}

const OFFER = `id version channel title description pictureUrl active price formulaPrice cashValue
  window { from until } stock { total perDay sold left leftToday } limitPerMember { count period }
  tiers segments regions details cost paidBy
  pricing { ratio costRate listPrice largestDiscount step byHand }
  titles { en zh } descriptions { en zh }`
const REFUSAL = '... on Refusal { code field message }'
const CREATE = `mutation ($input: CreateOfferInput!) { createOffer(input: $input) {
  __typename ... on OfferSaved { offer { ${OFFER} } } ${REFUSAL} } }`
const UPDATE = `mutation ($input: UpdateOfferInput!) { updateOffer(input: $input) {
  __typename ... on OfferSaved { offer { ${OFFER} } } ${REFUSAL} } }`
const ONE = `query ($id: ID!, $memberId: ID) { offer(id: $id, memberId: $memberId) { ${OFFER} } }`

describe.each(availableStores().filter((it) => it !== 'memory'))('offers on %s', (store) => {
  let test: TestProgram

  beforeEach(async () => {
    // `vic` has bought enough for the second tier, in which prices are lower.
    const levels = [
      { id: 'regular', title, threshold: '0' },
      { id: 'vip', title, threshold: '100', priceFactor: '0.85' },
    ]
    test = await openTestProgram(store, { firstPolicy: { tiers: { levels } } })
    await test.program.members.registerMany([{ id: 'ann', region: 'east' }, { id: 'vic' }])
    const lines = [{ id: '1', quantity: 1, priceMinor: 100_00 }]
    const event = { orderId: 'o', at: MONDAY_NOON, lines }
    await test.program.earn({ source: 'purchase', memberId: 'vic', event })
  })

  const create = async (input: object, request: ProgramRequest = {}) =>
    (await dataOf(test, CREATE, { ...request, variables: { input } })).createOffer
  const update = async (input: object, request: ProgramRequest = {}) =>
    (await dataOf(test, UPDATE, { ...request, variables: { input } })).updateOffer
  const one = async (id: string, request: ProgramRequest = {}, memberId?: string) =>
    (await dataOf(test, ONE, { ...request, variables: { id, memberId } })).offer
  const made = async (...inputs: object[]) => {
    for (const input of inputs) expect(await create(input)).toMatchObject({ offer: {} })
  }

  describe('createOffer', () => {
    it('R1: takes what an offer needs, with defaults for the rest', async () => {
      expect(await create(tea)).toEqual({
        __typename: 'OfferSaved',
        offer: {
          id: 'tea',
          version: 1,
          channel: 'shelf',
          title: 'Tea',
          description: null,
          pictureUrl: null,
          active: true,
          price: 500,
          formulaPrice: 500,
          cashValue: '10.00 CNY',
          window: { from: null, until: null },
          stock: { total: 3, perDay: null, sold: 0, left: 3, leftToday: null },
          limitPerMember: null,
          tiers: null,
          segments: null,
          regions: null,
          details: { shelf: 'A' },
          cost: '4.50 CNY',
          paidBy: 'kitchen',
          pricing: {
            ratio: null,
            costRate: '1',
            listPrice: null,
            largestDiscount: null,
            step: null,
            byHand: null,
          },
          titles: title,
          descriptions: null,
        },
      })
    })

    it('R1, R2: takes all there is to say', async () => {
      const { offer } = await create(
        {
          ...tea,
          description: { en: 'Green.', zh: '绿茶。' },
          pictureUrl: 'https://shop.example/tea.png',
          window: { from: '2026-01-01T00:00:00+08:00', until: '2026-02-01T00:00:00+08:00' },
          stock: { total: 100, perDay: 10 },
          limitPerMember: { count: 2, period: 'WEEK' },
          tiers: ['vip'],
          segments: ['loyal'],
          regions: ['east'],
          price: {
            ratio: '60',
            costRate: '0.9',
            listPrice: '20.00 CNY',
            largestDiscount: '10.00 CNY',
            step: 50,
          },
          details: { shelf: 'B' },
          active: false,
        },
        { language: 'zh' },
      )
      expect(offer).toMatchObject({
        title: '茶',
        description: '绿茶。',
        window: { from: '2025-12-31T16:00:00.000Z', until: '2026-01-31T16:00:00.000Z' },
        stock: { total: 100, perDay: 10, left: 100, leftToday: 10 },
        limitPerMember: { count: 2, period: 'WEEK' },
        // 60 × 10 × 0.9 × 20 ÷ (20 − 10) = 1080, up to the next 50.
        formulaPrice: 1100,
        price: 1100,
        details: { shelf: 'B' },
        pricing: { ratio: '60', costRate: '0.9', listPrice: '20.00 CNY', step: 50 },
        active: false,
      })
    })

    it('takes null for left out', async () => {
      const nulls = Object.fromEntries(
        [
          'description',
          'pictureUrl',
          'window',
          'stock',
          'limitPerMember',
          'tiers',
          'segments',
          'regions',
          'cost',
          'price',
          'paidBy',
          'details',
          'active',
        ].map((field) => [field, null]),
      )
      const { offer } = await create({ ...tea, ...nulls })
      expect(offer).toMatchObject({
        active: true,
        price: 500,
        details: { shelf: 'A' },
        stock: { total: null, left: null },
      })
      const parts = {
        window: { from: null, until: null },
        stock: { total: null, perDay: null },
        price: { ratio: null, costRate: null, listPrice: null, step: null, byHand: null },
      }
      expect((await create({ ...tea, ...parts, id: 'b' })).offer).toMatchObject({ price: 500 })
    })

    it.each<[string, object, string, string]>([
      ['an id with spaces', { id: 'a b' }, 'INVALID_INPUT', 'id'],
      ['a channel there is not', { channel: 'moon' }, 'INVALID_INPUT', 'channel'],
      [
        'other money',
        { cashValue: '10.00 USD', cost: null },
        'CURRENCY_NOT_SUPPORTED',
        'cashValue',
      ],
      ['other money for its cost', { cost: '10.00 USD' }, 'CURRENCY_NOT_SUPPORTED', 'cost'],
      ['nothing of worth', { cashValue: '0.00 CNY' }, 'INVALID_INPUT', 'cashValue'],
      ['a tier there is not', { tiers: ['regular', 'tin'] }, 'INVALID_INPUT', 'tiers.1'],
      ['details of another channel', { details: { moon: 1 } }, 'INVALID_INPUT', 'details.moon'],
      ['an address that is none', { pictureUrl: 'tea.png' }, 'INVALID_INPUT', 'pictureUrl'],
      ['stock below nothing', { stock: { total: -1 } }, 'INVALID_INPUT', 'stock.total'],
      [
        'a limit of none',
        { limitPerMember: { count: 0, period: 'DAY' } },
        'INVALID_INPUT',
        'limitPerMember.count',
      ],
      [
        'an end before the beginning',
        { window: { from: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' } },
        'INVALID_INPUT',
        'window.until',
      ],
      ['a price of nothing', { price: { byHand: 0 } }, 'INVALID_INPUT', 'price.byHand'],
      [
        'a price beyond all points',
        { cashValue: '90000000000000.00 CNY', price: { ratio: '1000' } },
        'AMOUNT_TOO_LARGE',
        'cashValue',
      ],
    ])('refuses %s', async (_, input, code, field) => {
      expect(await create({ ...tea, ...input })).toMatchObject({
        __typename: 'Refusal',
        code,
        field,
      })
      expect(await one('tea')).toBeNull()
    })

    it('A2: refuses an id twice, in the language of the request', async () => {
      await made(tea)
      expect(await create(tea, { language: 'zh' })).toEqual({
        __typename: 'Refusal',
        code: 'OFFER_EXISTS',
        field: 'id',
        message: '该编号的兑换项目已存在。',
      })
      expect((await create(tea)).message).toBe('There is an offer with this id.')
    })
  })

  describe('updateOffer', () => {
    beforeEach(() => made({ ...tea, regions: ['east'], price: { byHand: 77, step: 5 } }))

    it('changes what is given, clears what is null, leaves the rest', async () => {
      expect(
        (await update({ id: 'tea', stock: { total: 9 }, baseVersion: 1 })).offer,
      ).toMatchObject({
        version: 2,
        price: 77,
        stock: { total: 9 },
        regions: ['east'],
        cost: '4.50 CNY',
      })
      const nulls = { regions: null, cost: null, price: null, stock: null, window: null }
      expect((await update({ id: 'tea', ...nulls })).offer).toMatchObject({
        version: 3,
        price: 500,
        stock: { total: null },
        regions: null,
        cost: null,
        pricing: { byHand: null, step: null },
        paidBy: 'kitchen',
      })
    })

    it.each<[string, object, string, string | null]>([
      ['an offer there is not', { id: 'gone' }, 'OFFER_NOT_FOUND', 'id'],
      ['a change of what was changed', { baseVersion: 7 }, 'OFFER_CONFLICT', 'baseVersion'],
      ['no title at all', { title: null }, 'INVALID_INPUT', 'title'],
      ['neither yes nor no', { active: null }, 'INVALID_INPUT', 'active'],
      ['other money', { cashValue: '1.00 USD' }, 'CURRENCY_NOT_SUPPORTED', 'cashValue'],
    ])('refuses %s', async (_, input, code, field) => {
      expect(await update({ id: 'tea', ...input })).toMatchObject({
        __typename: 'Refusal',
        code,
        field,
      })
      expect((await one('tea')).version).toBe(1)
    })
  })

  describe('offers and offer', () => {
    beforeEach(() =>
      made(
        tea,
        { ...tea, id: 'vip-only', tiers: ['vip'], price: { byHand: 101 } },
        { ...tea, id: 'east-only', regions: ['east'] },
        { ...tea, id: 'hidden', active: false },
        { ...tea, id: 'later', window: { from: '2027-01-01T00:00:00Z' } },
      ),
    )
    const list = async (viewer: Viewer, args = '') => {
      const query = `{ offers${args} { nodes { id price } } }`
      const { offers } = await dataOf(test, query, { viewer })
      return offers.nodes.map(({ id, price }: Data) => `${id} ${price}`)
    }

    it('R1, R2: show a member what it may redeem, at its own price', async () => {
      expect(await list(viewerOf.member('ann'))).toEqual(['east-only 500', 'tea 500'])
      // 101 × 0.85 = 85.85: up to the next point; 500 × 0.85 = 425.
      expect(await list(viewerOf.member('vic'))).toEqual(['tea 425', 'vip-only 86'])
      expect(await list(viewerOf.member('vic'), '(memberId: "vic")')).toHaveLength(2)
    })

    it('show a storefront the same for a member, and for nobody what is open', async () => {
      expect(await list(viewerOf.storefront, '(memberId: "vic")')).toEqual([
        'tea 425',
        'vip-only 86',
      ])
      expect(await list(viewerOf.storefront)).toEqual(['east-only 500', 'tea 500', 'vip-only 101'])
    })

    it('show an operator everything, or what a member sees', async () => {
      const viewer = viewerOf.operator('viewer')
      expect(await list(viewer)).toEqual([
        'east-only 500',
        'hidden 500',
        'later 500',
        'tea 500',
        'vip-only 101',
      ])
      expect(await list(viewer, '(memberId: "ann")')).toEqual(['east-only 500', 'tea 500'])
      expect(await list(viewer, '(channel: "moon")')).toEqual([])
      expect(await list(viewer, '(channel: "shelf", first: 2)')).toEqual([
        'east-only 500',
        'hidden 500',
      ])
    })

    it('come in pages, also where some are not for the member', async () => {
      const page = `query ($after: String) { offers(first: 1, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } } }`
      const viewer = viewerOf.member('vic')
      const first = (await dataOf(test, page, { viewer })).offers
      expect(first).toMatchObject({ nodes: [{ id: 'tea' }], pageInfo: { hasNextPage: true } })
      const variables = { after: first.pageInfo.endCursor }
      const { offers } = await dataOf(test, page, { viewer, variables })
      expect(offers).toMatchObject({
        nodes: [{ id: 'vip-only' }],
        pageInfo: { hasNextPage: false },
      })
    })

    it('one by one: null is what the member may not have', async () => {
      const viewer = viewerOf.member('ann')
      expect(await one('tea', { viewer })).toMatchObject({ id: 'tea', price: 500 })
      for (const id of ['vip-only', 'hidden', 'later', 'gone']) {
        expect(await one(id, { viewer })).toBeNull()
      }
      const { storefront } = viewerOf
      expect(await one('hidden', { viewer: storefront })).toMatchObject({ active: false })
      expect(await one('tea', { viewer: storefront }, 'vic')).toMatchObject({
        price: 425,
        formulaPrice: 500,
      })
    })

    it('of a channel that is not installed any more are the operators’, who can end them', async () => {
      const { url, time } = test
      test = await openTestProgram(store, { url, time, plugins: [shop] })
      const ids = async (viewer: Viewer): Promise<string[]> => {
        const { offers } = await dataOf(test, '{ offers { nodes { id } } }', { viewer })
        return offers.nodes.map(({ id }: Data) => id)
      }
      expect(await ids(viewerOf.member('ann'))).toEqual([])
      expect(await ids(viewerOf.storefront)).toEqual([])
      expect(await ids(viewerOf.operator('viewer'))).toContain('tea')
      expect(await one('tea', { viewer: viewerOf.member('ann') })).toBeNull()
      const change = { id: 'tea', title: { en: 'Tea?', zh: '茶？' } }
      expect(await update(change)).toMatchObject({ code: 'INVALID_INPUT', field: 'channel' })
      expect(await update({ id: 'tea', active: false })).toMatchObject({
        offer: { active: false, version: 2, title: 'Tea' },
      })
      expect(await update({ id: 'tea', active: true })).toMatchObject({ code: 'INVALID_INPUT' })
    })

    it('A6: nobody sees for another member', async () => {
      const request = { viewer: viewerOf.member('ann') }
      for (const field of [
        'offers(memberId: "vic") { nodes { id } }',
        'offer(id: "tea", memberId: "vic") { id }',
      ]) {
        expect(await faultOf(test, `{ ${field} }`, request)).toEqual({ code: 'FORBIDDEN' })
      }
    })

    it.each<[string, string]>([
      ['offers(memberId: "zoe") { nodes { id } }', 'memberId'],
      ['offer(id: "tea", memberId: "zoe") { id }', 'memberId'],
      ['offers(first: 0) { nodes { id } }', 'first'],
      ['offers(after: "x") { nodes { id } }', 'after'],
    ])('refuse %s', async (field, name) => {
      expect(await faultOf(test, `{ ${field} }`)).toEqual({ code: 'BAD_USER_INPUT', field: name })
    })

    it('refuse who is not registered', async () => {
      const { errors } = await askProgram(test, '{ offers { nodes { id } } }', {
        viewer: viewerOf.member('zoe'),
      })
      expect(errors?.[0]?.message).toBe('There is no such member.')
    })
  })
})
