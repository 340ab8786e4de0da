import type { OperatorRole, Viewer } from '@pointwell/plugin'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const DAY_MS = 86_400_000

const TRANSACTION = 'transaction { explanation { step points } }'
const DONE = `points ${TRANSACTION} wallet { balance { available pending claimable debt } }`
const RECORD = `mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) {
  ... on PurchaseRecorded { ${DONE} } ... on Refusal { code field } } }`
const RETURN = `mutation ($input: ReturnPurchaseInput!) { returnPurchase(input: $input) {
  ... on PurchaseReturned { ${DONE} } ... on Refusal { code available needed } } }`
const CONFIRM = `mutation ($id: ID!) { confirmPurchase(orderId: $id) {
  ... on PurchaseConfirmed { ${DONE} } ... on Refusal { code } } }`
const CLAIM = `mutation { claimPoints { ... on PointsClaimed { points } ... on Refusal { code when } } }`
const BALANCE = '{ me { wallet { balance { available pending claimable debt } } } }'
const CHECKED_IN =
  '... on CheckedIn { points date streak cardsLeft replayed } ... on Refusal { code }'
const CHECK_IN = `mutation { checkIn { ${CHECKED_IN} } }`
const MAKE_UP = `mutation ($date: LocalDate!) { makeUpCheckIn(date: $date) { ${CHECKED_IN} } }`
const REDEEM = `mutation ($key: ID!) { redeem(input: { offerId: "ten-off", idempotencyKey: $key }) {
  ... on Redemption { id status receipt } ... on Refusal { code } } }`
const USE = `mutation ($code: String!, $orderId: ID!) {
  useCoupon(input: { code: $code, orderId: $orderId, orderAmount: "25.00 CNY" }) {
    ... on CouponUsed { discount } ... on Refusal { code } } }`
const RELEASE = `mutation ($code: String!, $orderId: ID!) { releaseCoupon(input: { code: $code, orderId: $orderId }) {
  ... on CouponReleased { coupon { status } } ... on Refusal { code } } }`
const LOOK = `query ($code: String!) { coupon(code: $code) { status orderId } }`
const CANCEL = `mutation ($id: ID!) { cancelRedemption(id: $id) {
  ... on Redemption { status } ... on Refusal { code } } }`

const level = (id: string, threshold: string, more: object = {}) => ({
  id,
  title: { en: id, zh: id },
  threshold,
  ...more,
})
const policy = {
  tiers: { levels: [level('regular', '0'), level('silver', '100', { earnMultiplier: '1.2' })] },
  campaigns: [
    {
      id: 'new-year',
      title: { en: 'New year', zh: '新年' },
      from: '2026-01-05T00:00:00+08:00',
      until: '2026-01-06T00:00:00+08:00',
      sources: ['purchase'],
      multiplier: '1.5',
      extraPoints: 10,
    },
  ],
  sources: {
    purchase: {
      settings: {
        categoryRates: { tea: '2' },
        regionRates: { 'class-3': '1.2' },
        confirmAfterDays: 7,
        claimDays: 7,
      },
    },
  },
}

const line = (id: string, quantity: number, unitPrice: string, category?: string) => ({
  id,
  article: `article-${id}`,
  quantity,
  unitPrice,
  ...(category && { category }),
})
const order = (orderId: string, at: string, lines: object[], more: object = {}) => ({
  memberId: 'ann',
  orderId,
  at,
  currency: 'CNY',
  lines,
  ...more,
})

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'everyday life through the front door, on %s',
  (store) => {
    let server: TestServer
    beforeEach(async () => {
      server = await startTestServer({ store })
    })
    afterEach(() => server.close())

    /** As who, at the server's time: tokens do not outlive the days that a test skips. */
    const ask = async (role: string, query: string, variables: Record<string, unknown> = {}) => {
      const isOperator = role === 'rules'
      const token = isOperator
        ? await server.token('operator', { roles: [role as OperatorRole] })
        : await server.token(role as Exclude<Viewer['kind'], 'anonymous'>, {
            subject: role === 'member' ? 'ann' : role,
          })
      const { data, errors } = await server.ask(query, { token, variables })
      expect(errors).toBeUndefined()
      return Object.values(data)[0] as Data
    }
    const register = () =>
      ask(
        'storefront',
        `mutation { registerMember(input: { id: "ann", region: "class-1", birthday: { month: 1, day: 5 } }) { __typename } }`,
      )
    const apply = (document: object) =>
      ask(
        'rules',
        'mutation ($input: UpdatePolicyInput!) { updatePolicy(input: $input) { __typename } }',
        { input: { document } },
      )
    const record = (input: object) => ask('storefront', RECORD, { input })
    const balance = async () => (await ask('member', BALANCE)).wallet.balance

    it('E2 L5 L9: every factor at once, pending, claimed, and returned part by part', async () => {
      await register()
      expect(await apply(policy)).toEqual({ __typename: 'PolicyUpdated' })
      const earlier = order('A-1', '2026-01-04T12:00:00+08:00', [line('1', 1, '100')], {
        confirmed: true,
      })
      expect(await record(earlier)).toMatchObject({ points: 100 })
      expect(await ask('member', CLAIM)).toEqual({ points: 100 })

      // 200 of goods, two for tea; a region of 1.2, silver, the birthday, a campaign; 150 of it earn.
      const birthday = order(
        'A-2',
        '2026-01-05T00:00:00+08:00',
        [line('tea', 2, '50', 'tea'), line('cup', 1, '100', 'cups')],
        {
          region: 'class-3',
          includedTax: '20.00 CNY',
          paidWithPoints: '10.00 CNY',
          paidWithCoupons: '20.00 CNY',
          delivery: '15.00 CNY',
        },
      )
      const { transaction, ...recorded } = await record(birthday)
      expect(recorded).toEqual({
        points: 982,
        wallet: { balance: { available: 100, pending: 982, claimable: 0, debt: 0 } },
      })
      expect(transaction.explanation).toEqual([
        { step: 'base', points: '200' },
        { step: 'category', points: '100' },
        { step: 'region', points: '60' },
        { step: 'tier', points: '72' },
        { step: 'birthday', points: '432' },
        { step: 'campaign', points: '432' },
        { step: 'non-earning', points: '-324' },
        { step: 'campaign-extra', points: '10' },
      ])

      expect(await ask('storefront', CONFIRM, { id: 'A-2' })).toMatchObject({
        points: 982,
        wallet: { balance: { pending: 0, claimable: 982 } },
      })
      expect(await ask('member', CLAIM)).toEqual({ points: 982 })

      const back = (returnId: string, id: string, quantity: number) =>
        ask('storefront', RETURN, {
          input: { orderId: 'A-2', returnId, lines: [{ line: id, quantity }] },
        })
      // Tea weighs double, so one less is as much as the cup: 200 × 4.32 × 0.75 + 10 = 658 stand.
      expect(await back('r-1', 'tea', 1)).toMatchObject({ points: -324 })
      expect(await back('r-1', 'tea', 1)).toMatchObject({ points: -324 })
      expect(await back('r-2', 'tea', 2)).toEqual({
        code: 'RETURN_EXCEEDS_PURCHASE',
        available: 1,
        needed: 2,
      })
      expect(await back('r-3', 'cup', 1)).toMatchObject({ points: -324 })
      expect(await back('r-4', 'tea', 1)).toMatchObject({
        points: -334,
        wallet: { balance: { available: 100, pending: 0, claimable: 0, debt: 0 } },
      })
    })

    it('E2: pending points confirm by their time, and are void when nobody claims them', async () => {
      await register()
      await apply(policy)
      await record(order('B-1', '2026-01-05T12:00:00+08:00', [line('1', 1, '10')]))
      const points = (await balance()).pending
      expect(points).toBeGreaterThan(0)
      server.time.now += 7 * DAY_MS - 1
      expect(await balance()).toMatchObject({ pending: points, claimable: 0 })
      server.time.now += 1
      expect(await balance()).toMatchObject({ pending: 0, claimable: points, available: 0 })
      server.time.now += 7 * DAY_MS - 1
      expect(await balance()).toMatchObject({ claimable: points })
      server.time.now += 1
      expect(await balance()).toEqual({ available: 0, pending: 0, claimable: 0, debt: 0 })
      expect(await ask('member', CLAIM)).toMatchObject({ code: 'LOT_NOT_CLAIMABLE' })
    })

    it('E3: a check-in a day in the zone, a streak, and a card for a missed day', async () => {
      await register()
      server.time.now = Date.parse('2026-01-05T23:59:00+08:00')
      const checkIn = () => ask('member', CHECK_IN)
      const day = { points: 5, cardsLeft: 1, replayed: false }
      expect(await checkIn()).toEqual({ ...day, date: '2026-01-05', streak: 1 })
      expect(await checkIn()).toMatchObject({ points: 5, replayed: true })
      server.time.now += 2 * 60_000
      expect(await checkIn()).toEqual({ ...day, date: '2026-01-06', streak: 2 })
      // The 7th is missed.
      server.time.now += 2 * DAY_MS
      expect(await checkIn()).toEqual({ ...day, date: '2026-01-08', streak: 1 })
      const madeUp = { points: 5, date: '2026-01-07', streak: 4, cardsLeft: 0, replayed: false }
      expect(await ask('member', MAKE_UP, { date: '2026-01-07' })).toEqual(madeUp)
      expect(await ask('member', MAKE_UP, { date: '2026-01-04' })).toMatchObject({
        code: 'DAY_NOT_MISSED',
      })
      for (const [date, streak, points] of [
        ['2026-01-09', 5, 5],
        ['2026-01-10', 6, 5],
        ['2026-01-11', 7, 25],
        ['2026-01-12', 8, 5],
      ] as const) {
        server.time.now += DAY_MS
        expect(await checkIn()).toEqual({ points, date, streak, cardsLeft: 0, replayed: false })
      }
      expect((await balance()).available).toBe(8 * 5 + 20)
    })

    it('R2: prices are the formula’s, by hand beside it, and follow the policy at run time', async () => {
      const create = (id: string, channel: string, more: object) =>
        ask(
          'rules',
          `mutation ($input: CreateOfferInput!) { createOffer(input: $input) {
            ... on OfferSaved { offer { price formulaPrice } } ... on Refusal { code field } } }`,
          { input: { id, channel, title: { en: id, zh: id }, ...more } },
        )
      const priced = (price: number, formulaPrice: number) => ({ offer: { price, formulaPrice } })
      const fiftyOff = {
        cashValue: '50.00 CNY',
        details: { type: 'full-reduction', offMinor: 5_000, thresholdMinor: 20_000 },
      }
      expect(await create('50-off-200', 'coupon', fiftyOff)).toEqual(priced(2_500, 2_500))
      const topUp = {
        cashValue: '30.00 CNY',
        details: { type: 'virtual', gives: { kind: 'top-up' } },
      }
      expect(await create('top-up', 'goods', topUp)).toEqual(priced(3_000, 3_000))
      // 50 × 50 × 0.8 × 200 ÷ (200 − 40) = 2,500, and a tenth of a point more is the next hundred.
      const planned = { listPrice: '200.00 CNY', largestDiscount: '40.00 CNY', step: 100 }
      expect(
        await create('planned', 'coupon', {
          ...fiftyOff,
          price: { costRate: '0.8', ...planned },
        }),
      ).toEqual(priced(2_500, 2_500))
      expect(
        await create('dearer', 'coupon', {
          ...fiftyOff,
          price: { costRate: '0.80004', ...planned },
        }),
      ).toEqual(priced(2_600, 2_600))
      expect(await create('by-hand', 'coupon', { ...fiftyOff, price: { byHand: 1_999 } })).toEqual(
        priced(1_999, 2_500),
      )
      await apply({ pricing: { closedLoopRatio: '60', openLoopRatio: '110' } })
      await register()
      const shown = `{ offers { nodes { id price formulaPrice } } }`
      const { nodes } = await ask('member', shown)
      expect(Object.fromEntries(nodes.map((it: Data) => [it.id, it.price]))).toEqual({
        '50-off-200': 3_000,
        'by-hand': 1_999,
        dearer: 3_100,
        planned: 3_000,
        'top-up': 3_300,
      })
    })

    it('R9 R7: a coupon is issued, used, given back, void, expired', async () => {
      await register()
      await ask(
        'rules',
        `mutation { createOffer(input: { id: "ten-off", channel: "coupon", title: { en: "Ten off", zh: "减十元" }
          cashValue: "10.00 CNY", price: { byHand: 100 }
          details: { type: "direct-deduction", offMinor: 1000, validity: { days: 1 } } }) { __typename } }`,
      )
      await record(
        order('C-1', '2026-01-04T12:00:00+08:00', [line('1', 1, '300')], { confirmed: true }),
      )
      const redeem = async (key: string) => {
        const { id, status, receipt } = await ask('member', REDEEM, { key })
        expect(status).toBe('FULFILLED')
        return { id, code: receipt.code as string }
      }
      const statusOf = async (code: string) => (await ask('storefront', LOOK, { code })).status
      const first = await redeem('k-1')
      const second = await redeem('k-2')
      expect(await balance()).toMatchObject({ available: 100 })
      expect(await statusOf(first.code)).toBe('ISSUED')

      const { code } = first
      const use = (orderId: string) => ask('storefront', USE, { code, orderId })
      expect(await use('D-1')).toEqual({ discount: '10.00 CNY' })
      expect(await statusOf(code)).toBe('USED')
      expect(await use('D-2')).toEqual({ code: 'COUPON_USED' })
      expect(await ask('member', CANCEL, { id: first.id })).toEqual({ code: 'COUPON_USED' })
      expect(await ask('storefront', RELEASE, { code, orderId: 'D-1' })).toEqual({
        coupon: { status: 'ISSUED' },
      })
      expect(await use('D-2')).toEqual({ discount: '10.00 CNY' })

      expect(await ask('member', CANCEL, { id: second.id })).toEqual({ status: 'CANCELLED' })
      expect(await statusOf(second.code)).toBe('VOID')
      expect(await balance()).toMatchObject({ available: 200 })
      expect(await ask('storefront', USE, { code: second.code, orderId: 'D-3' })).toEqual({
        code: 'COUPON_VOID',
      })

      const third = await redeem('k-3')
      server.time.now = Date.parse('2026-01-07T00:00:00+08:00') - 1
      expect(await statusOf(third.code)).toBe('ISSUED')
      server.time.now += 1
      expect(await statusOf(third.code)).toBe('EXPIRED')
      expect(await ask('storefront', USE, { code: third.code, orderId: 'D-4' })).toEqual({
        code: 'COUPON_EXPIRED',
      })
      expect(await ask('member', CANCEL, { id: third.id })).toEqual({ code: 'COUPON_EXPIRED' })
    })
  },
)
