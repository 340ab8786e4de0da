import { openCalendar, type PluginStore, type RequestContext } from '@pointwell/plugin'
import { forbidden } from '@pointwell/plugin/graphql'
import { GraphQLEnumType, type GraphQLSchema, graphql } from 'graphql'
import { buildSchema } from 'type-graphql'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPluginDatabases, pluginDatabases } from '../../../../test/support/plugin-databases.js'
import { registerRefusals } from '../../../../test/support/register-refusals.js'
import { redeemCoupon } from '../channel/redeem-coupon.js'
import { findCouponCode } from '../code/coupon-code.js'
import type { CouponOffer } from '../offer/coupon-offer.js'
import { couponSettings } from '../settings/coupon-settings.js'
import { COUPON_REFUSALS } from '../words/coupon-words.js'

const NOW = Date.parse('2026-03-01T12:00:00+08:00')
const DAY_MS = 86_400_000
const fiftyOff: CouponOffer = { type: 'full-reduction', offMinor: 5_000, thresholdMinor: 20_000 }

let schema: GraphQLSchema
beforeAll(async () => {
  registerRefusals(redeemCoupon)
  schema = await buildSchema({ resolvers: [redeemCoupon.resolvers![0]!], validate: false })
})

describe('the fields of the channel', () => {
  test('A6: each says who may use it', () => {
    const accessOf = (field: { extensions: object }) =>
      (field.extensions as { access?: string[] }).access
    const roots = {
      ...schema.getQueryType()?.getFields(),
      ...schema.getMutationType()?.getFields(),
    }
    expect(
      Object.fromEntries(Object.entries(roots).map(([name, field]) => [name, accessOf(field)])),
    ).toEqual({
      coupon: ['storefront', 'support'],
      coupons: ['member', 'storefront', 'support'],
      useCoupon: ['storefront'],
      releaseCoupon: ['storefront'],
    })
  })

  test('A1: each field, argument and input of it has a description', () => {
    for (const [name, type] of Object.entries(schema.getTypeMap())) {
      // What the ledger brings along is tested there.
      if (!/Coupon|^Query$|^Mutation$/.test(name) || !('getFields' in type)) continue
      for (const field of Object.values(type.getFields())) {
        expect(field.description, `${name}.${field.name}`).toMatch(/\w/)
        for (const arg of 'args' in field ? field.args : []) {
          expect(arg.description, `${name}.${field.name}(${arg.name})`).toMatch(/\w/)
        }
      }
    }
  })

  test('A2: every refusal of its own is a value of the closed list, in both languages', () => {
    const codes = schema.getType('RefusalCode') as GraphQLEnumType
    for (const [code, words] of Object.entries(COUPON_REFUSALS)) {
      expect(codes.getValue(code)?.description).toBe(words.en)
      expect(words.zh).toMatch(/\p{Script=Han}/u)
    }
  })
})

describe.each(pluginDatabases())('on %s', (on) => {
  let store: PluginStore
  let now: number
  let grace: number
  beforeEach(async () => {
    store = (await openPluginDatabases(on, redeemCoupon))[0]
    now = NOW
    grace = 7
  })

  function contextOf(member?: string, language: 'en' | 'zh' = 'en'): RequestContext {
    const settings = couponSettings.parse({ graceOnReleaseDays: grace })
    return {
      language,
      now: () => now,
      program: {
        store: () => store,
        settings: () => settings,
        idsOf: async (memberId: string) => [memberId],
      },
      actingFor: (memberId: string | null | undefined) => {
        if (member && memberId && memberId !== member) throw forbidden()
        return memberId ?? member ?? ''
      },
    } as unknown as RequestContext
  }

  async function run(source: string, variableValues = {}, contextValue = contextOf()) {
    const result = await graphql({ schema, source, variableValues, contextValue })
    // As a client reads it.
    const { data, errors } = JSON.parse(JSON.stringify(result))
    return errors ? { errors } : data
  }

  async function issue(details: CouponOffer = fiftyOff, id = 'r-1', memberId = 'ada') {
    const fulfilment = await redeemCoupon.fulfil({
      settings: couponSettings.parse({}),
      offer: {
        id: '50-off-200',
        title: { en: '50 off 200', zh: '满200减50' },
        details,
        cashValueMinor: 5_000,
        currency: 'CNY',
      },
      redemption: { id, memberId, points: 2_500, order: {}, at: now },
      calendar: openCalendar('Asia/Shanghai'),
      now,
      store,
      signal: new AbortController().signal,
    })
    return (fulfilment as unknown as { receipt: { code: string } }).receipt.code
  }

  const REFUSAL = '... on Refusal { code message field availableAmount neededAmount }'
  const use = async (input: object, context = contextOf()) =>
    (
      await run(
        `mutation ($input: UseCouponInput!) { useCoupon(input: $input) {
          __typename ... on CouponUsed { discount coupon { code status orderId usedAt discount } } ${REFUSAL}
        } }`,
        { input },
        context,
      )
    ).useCoupon
  const release = async (input: object) =>
    (
      await run(
        `mutation ($input: ReleaseCouponInput!) { releaseCoupon(input: $input) {
          __typename ... on CouponReleased { coupon { status expiresAt orderId discount usedAt } } ${REFUSAL}
        } }`,
        { input },
      )
    ).releaseCoupon
  const refusal = (code: string, figures = {}) => ({
    __typename: 'Refusal',
    code,
    message: expect.stringMatching(/\w/),
    field: null,
    availableAmount: null,
    neededAmount: null,
    ...figures,
  })

  test('R9: a coupon is found by its code, however it was typed', async () => {
    const code = await issue()
    const query = `query ($code: String!) { coupon(code: $code) {
      code type title amount threshold status statusTitle memberId offerId redemptionId
      issuedAt expiresAt orderId discount usedAt
    } }`
    const shown = {
      code,
      type: 'FULL_REDUCTION',
      title: '50 off 200',
      amount: '50.00 CNY',
      threshold: '200.00 CNY',
      status: 'ISSUED',
      statusTitle: 'Not used yet',
      memberId: 'ada',
      offerId: '50-off-200',
      redemptionId: 'r-1',
      issuedAt: '2026-03-01T04:00:00.000Z',
      expiresAt: '2026-05-30T16:00:00.000Z',
      orderId: null,
      discount: null,
      usedAt: null,
    }
    for (const typed of [code, code.toLowerCase(), ` ${findCouponCode(code)} `]) {
      expect(await run(query, { code: typed })).toEqual({ coupon: shown })
    }
    expect(await run(query, { code }, contextOf(undefined, 'zh'))).toEqual({
      coupon: { ...shown, title: '满200减50', statusTitle: '未使用' },
    })
    for (const typed of ['', 'CP-0000-0000-0000-0000', "' OR 1=1 --", 'x'.repeat(1_000_000)]) {
      expect(await run(query, { code: typed })).toEqual({ coupon: null })
    }
  })

  test('R9: an order uses it, once', async () => {
    const code = await issue()
    const used = {
      __typename: 'CouponUsed',
      discount: '50.00 CNY',
      coupon: {
        code,
        status: 'USED',
        orderId: 'o-1',
        usedAt: '2026-03-01T04:00:00.000Z',
        discount: '50.00 CNY',
      },
    }
    const order = { code, orderId: 'o-1', orderAmount: '200.00 CNY' }
    expect(await use(order)).toEqual(used)
    now += 400 * DAY_MS
    expect(await use({ ...order, code: code.toLowerCase() })).toEqual(used)
    expect(await use({ ...order, orderAmount: '250.00 CNY' })).toEqual(
      refusal('IDEMPOTENCY_MISMATCH', { field: 'orderAmount' }),
    )
    expect(await use({ ...order, orderId: 'o-2' })).toEqual(refusal('COUPON_USED'))
  })

  test('A2: what is refused says why, with its figures, in the language of the request', async () => {
    const code = await issue()
    const order = { code, orderId: 'o-1', orderAmount: '199.99 CNY' }
    expect(await use(order)).toEqual(
      refusal('ORDER_BELOW_THRESHOLD', {
        field: 'orderAmount',
        availableAmount: '199.99 CNY',
        neededAmount: '200.00 CNY',
      }),
    )
    expect(await use(order, contextOf(undefined, 'zh'))).toMatchObject({
      message: COUPON_REFUSALS.ORDER_BELOW_THRESHOLD.zh,
    })
    expect(await use({ ...order, orderAmount: '300 USD' })).toEqual(
      refusal('CURRENCY_NOT_SUPPORTED', { field: 'orderAmount' }),
    )
    expect(await use({ ...order, code: 'CP-0000-0000-0000-0000' })).toEqual(
      refusal('COUPON_NOT_FOUND', { field: 'code' }),
    )
    now = Date.parse('2026-05-31T00:00:00+08:00')
    expect(await use({ ...order, orderAmount: '200 CNY' })).toEqual(refusal('COUPON_EXPIRED'))
  })

  test.each([
    ['orderAmount', { orderAmount: '0.00 CNY' }],
    ['orderAmount', { orderAmount: '-200.00 CNY' }],
    ['orderId', { orderId: '' }],
    ['orderId', { orderId: 'o 1' }],
    ['orderId', { orderId: 'o\u00001' }],
    ['orderId', { orderId: '订单' }],
    ['orderId', { orderId: 'o'.repeat(65) }],
    ['orderId', { orderId: 'o'.repeat(1_000_000) }],
  ])('a bad %s is refused by name', async (field, bad) => {
    const code = await issue()
    const order = { code, orderId: 'o-1', orderAmount: '200.00 CNY', ...bad }
    expect(await use(order)).toEqual(refusal('INVALID_INPUT', { field }))
    if (field === 'orderId') {
      const { orderId } = order
      expect(await release({ code, orderId })).toEqual(refusal('INVALID_INPUT', { field }))
    }
  })

  test('R9: a cancelled order gives it back, once; no other order can', async () => {
    const code = await issue()
    await use({ code, orderId: 'o-1', orderAmount: '200 CNY' })
    expect(await release({ code, orderId: 'o-2' })).toEqual(refusal('COUPON_USED'))
    const released = {
      __typename: 'CouponReleased',
      coupon: {
        status: 'ISSUED',
        expiresAt: '2026-05-30T16:00:00.000Z',
        orderId: null,
        discount: null,
        usedAt: null,
      },
    }
    expect(await release({ code, orderId: 'o-1' })).toEqual(released)
    expect(await release({ code, orderId: 'o-1' })).toEqual(released)
    expect(await release({ code, orderId: 'o-3' })).toEqual(refusal('COUPON_NOT_USED'))
    expect(await release({ code: 'nonsense', orderId: 'o-1' })).toEqual(
      refusal('COUPON_NOT_FOUND', { field: 'code' }),
    )
    expect(await use({ code, orderId: 'o-2', orderAmount: '200 CNY' })).toMatchObject({
      __typename: 'CouponUsed',
    })
  })

  test.each([
    [7, 'ISSUED', '2026-06-06T16:00:00.000Z'],
    [0, 'EXPIRED', '2026-05-30T16:00:00.000Z'],
  ])('R9: grace of %i days on what ran out meanwhile: %s', async (days, status, expiresAt) => {
    const code = await issue()
    await use({ code, orderId: 'o-1', orderAmount: '200 CNY' })
    now = Date.parse('2026-05-31T00:00:00+08:00')
    grace = days
    expect(await release({ code, orderId: 'o-1' })).toMatchObject({
      coupon: { status, expiresAt },
    })
  })

  test('R7: a coupon whose redemption was cancelled before it was given is nobody’s', async () => {
    const id = 'r-9'
    await redeemCoupon.cancel!({
      settings: couponSettings.parse({}),
      offer: {
        id: 'x',
        title: { en: 'X', zh: '某' },
        details: fiftyOff,
        cashValueMinor: 1,
        currency: 'CNY',
      },
      redemption: { id, memberId: 'ada', points: 1, order: {}, at: now },
      calendar: openCalendar('Asia/Shanghai'),
      now,
      store,
      signal: new AbortController().signal,
      receipt: null,
    })
    expect(await run('{ coupons(memberId: "ada") { nodes { code } } }')).toEqual({
      coupons: { nodes: [] },
    })
  })

  describe('a member’s coupons', () => {
    const LIST = `query ($memberId: ID, $first: Int, $after: String, $status: CouponStatus) {
      coupons(memberId: $memberId, first: $first, after: $after, status: $status) {
        nodes { redemptionId status threshold } edges { cursor node { redemptionId } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`

    test('come page by page, the newest first, and only their own', async () => {
      for (let index = 0; index < 7; index += 1) {
        await issue({ type: 'cash', worthMinor: 100 }, `r-${index}`)
        now += 1
      }
      await issue(fiftyOff, 'r-7', 'bob')
      const ids: string[] = []
      let after: string | null = null
      for (let page = 0; page < 3; page += 1) {
        const { coupons } = await run(LIST, { first: 3, after }, contextOf('ada'))
        ids.push(...coupons.nodes.map((node: { redemptionId: string }) => node.redemptionId))
        expect(coupons.edges.map((edge: { node: object }) => edge.node)).toEqual(
          coupons.nodes.map(({ redemptionId }: { redemptionId: string }) => ({ redemptionId })),
        )
        expect(coupons.pageInfo).toMatchObject({
          hasNextPage: page < 2,
          hasPreviousPage: page > 0,
          endCursor: coupons.edges.at(-1).cursor,
        })
        after = coupons.pageInfo.endCursor
      }
      expect(ids).toEqual(['r-6', 'r-5', 'r-4', 'r-3', 'r-2', 'r-1', 'r-0'])
    })

    test('of a status are what is so now', async () => {
      const code = await issue()
      await issue({ type: 'cash', worthMinor: 100, validity: { days: 1 } }, 'r-2')
      await use({ code, orderId: 'o-1', orderAmount: '200 CNY' })
      const of = async (status: string) =>
        (await run(LIST, { status, memberId: 'ada' })).coupons.nodes
      expect(await of('USED')).toEqual([
        { redemptionId: 'r-1', status: 'USED', threshold: '200.00 CNY' },
      ])
      expect(await of('ISSUED')).toEqual([
        { redemptionId: 'r-2', status: 'ISSUED', threshold: null },
      ])
      expect(await of('EXPIRED')).toEqual([])
      now += 2 * DAY_MS
      expect(await of('ISSUED')).toEqual([])
      expect(await of('EXPIRED')).toMatchObject([{ redemptionId: 'r-2', status: 'EXPIRED' }])
    })

    test('are not for another member', async () => {
      await issue()
      const { errors } = await run(LIST, { memberId: 'ada' }, contextOf('bob'))
      expect(errors[0].extensions).toMatchObject({ code: 'FORBIDDEN' })
    })

    test.each([
      ['first', { first: 0 }],
      ['first', { first: 101 }],
      ['after', { after: 'nonsense' }],
      ['after', { after: Buffer.from('["lots:1",1]').toString('base64url') }],
      ['after', { after: Buffer.from('["coupons","1","x"]').toString('base64url') }],
    ])('a bad %s is a fault of the request: %j', async (field, variables) => {
      const { errors } = await run(LIST, { memberId: 'ada', ...variables })
      expect(errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT', field })
    })
  })
})
