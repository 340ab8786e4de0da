import { verifyLedger } from '@pointwell/ledger'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { goods, openShop, type Shop } from '../support/shop.js'

const NOON = Date.parse('2026-01-05T12:00:00+08:00')
const DAY_MS = 86_400_000
const COUPON = 'coupon { status amount usedAt card { factor days months orders until points } }'
const ACTIVATE = `mutation ($input: ActivateCardInput!) { activateCard(input: $input) {
  ... on CardActivated { until points ${COUPON} } ... on Refusal { code field } } }`
const USE = `mutation ($input: UseCouponInput!) { useCoupon(input: $input) {
  ... on CouponUsed { discount coupon { status amount } } ... on Refusal { code field } } }`
const CANCEL = `mutation ($id: ID!) { cancelRedemption(id: $id) {
  ... on Redemption { status } ... on Refusal { code } } }`
const LOTS = `query ($id: ID!) { member(id: $id) { wallet { lots(first: 20) { nodes {
  kind available expiresAt } } } } }`
const MERGE = `mutation { mergeMembers(input: { from: "ann", into: "bob", reason: "one person",
  idempotencyKey: "m" }) { __typename } }`
const ERASE = `mutation { eraseMember(input: { memberId: "ann", reason: "asked", idempotencyKey: "e" }) {
  __typename } }`

const DETAILS = {
  double: { type: 'rate-up', factor: '2', days: 3 },
  'next-order': { type: 'rate-up', factor: '3', days: 30, orders: 1 },
  longer: { type: 'expiry-extension', months: 6, withinDays: 30 },
  faster: { type: 'tier-accelerator', factor: '2', days: 7 },
  'free-delivery': { type: 'delivery' },
}
type OfferName = keyof typeof DETAILS

describe.each(availableStores().filter((name) => name !== 'memory'))('R9: cards on %s', (name) => {
  let shop: Shop
  let turn = 0

  beforeEach(async () => {
    shop = await openShop(name as 'sqlite' | 'mysql', { membership: { enabled: false } })
    await shop.register('ann', 'bob')
    for (const [id, details] of Object.entries(DETAILS)) {
      const title = { en: id, zh: id }
      const offer = { id, channel: 'coupon', title, cashValue: '10.00 CNY', details }
      await shop.ask(0, 'offer', { input: { ...offer, price: { byHand: 100 } } }, 'rules')
    }
    for (const id of ['ann', 'bob']) await buy(id, `first-${id}`, 2_000)
  })
  afterEach(async () => {
    for (const { program } of shop.servers.slice(0, 1)) {
      expect(await verifyLedger(program.ledger.store)).toMatchObject({ ok: true })
    }
    await shop.close()
  })

  const ask = async (
    query: string,
    variables: Record<string, unknown> = {},
    as: { kind?: 'member' | 'storefront' | 'operator'; subject?: string; place?: number } = {},
  ): Promise<Data> => {
    const { kind = 'storefront', subject, place = turn++ } = as
    const server = shop.servers[place % 2]!
    const wishes = kind === 'operator' ? { roles: ['admin' as const] } : subject ? { subject } : {}
    const { data, errors } = await server.ask(query, {
      token: await server.token(kind, wishes),
      variables,
    })
    if (errors) throw new Error(errors[0].message)
    return Object.values(data)[0]
  }
  const buy = async (memberId: string, orderId: string, yuan: number) => {
    const lines = [{ id: '1', quantity: 1, unitPrice: `${yuan}.00` }]
    return shop.record(turn++, goods(memberId, orderId, shop.servers[0]!.time.now, lines))
  }
  const redeem = async (offer: OfferName, memberId = 'ann', key = `k${turn++}`) => {
    const { id, receipt } = await shop.redeem(turn++, memberId, offer, key)
    return { id: id as string, code: receipt.code as string }
  }
  const activate = (code: string, more: object = {}, place = turn++): Promise<Data> =>
    ask(ACTIVATE, { input: { code, memberId: 'ann', ...more } }, { place })

  it('rate-up: from points to what the next orders earn', async () => {
    const { id, code } = await redeem('double')
    const asAnn = { kind: 'member', subject: 'ann' } as const
    const activated = await ask(ACTIVATE, { input: { code: code.toLowerCase() } }, asAnn)
    const until = '2026-01-08T16:00:00.000Z'
    expect(activated).toEqual({
      until,
      points: null,
      coupon: {
        status: 'USED',
        amount: null,
        usedAt: new Date(NOON).toISOString(),
        card: { factor: '2', days: 3, months: null, orders: null, until, points: null },
      },
    })
    const bought = await buy('ann', 'o-1', 100)
    expect(bought.points).toBe(200)
    expect(bought.transaction.explanation).toContainEqual({ step: 'boost', points: '100' })
    expect(await buy('bob', 'o-2', 100)).toMatchObject({ points: 100 })
    shop.setTime(Date.parse(until))
    expect(await buy('ann', 'o-3', 100)).toMatchObject({ points: 100 })
    // The same again is the same answer, long after.
    shop.setTime(NOON + 300 * DAY_MS)
    expect(await activate(code)).toEqual(activated)
    expect(await ask(CANCEL, { id })).toMatchObject({ code: 'COUPON_USED' })
    const order = { code, orderId: 'o', orderAmount: '9.00 CNY' }
    expect(await ask(USE, { input: order })).toMatchObject({ code: 'COUPON_IS_CARD' })
  })

  it('rate-up for the next order only', async () => {
    const { code } = await redeem('next-order')
    expect(await activate(code, { idempotencyKey: 'a' })).toMatchObject({
      coupon: { card: { orders: 1 } },
    })
    expect(await activate(code, { idempotencyKey: 'b' })).toMatchObject({ code: 'COUPON_USED' })
    expect(await activate(code)).toMatchObject({ coupon: { status: 'USED' } })
    expect(await buy('ann', 'o-1', 100)).toMatchObject({ points: 300 })
    expect(await buy('ann', 'o-2', 100)).toMatchObject({ points: 100 })
  })

  it('M4: with a tier card of factor 2, an order of 3,000 counts 6,000', async () => {
    const { code } = await redeem('faster', 'bob')
    expect(await activate(code, { memberId: 'bob' })).toMatchObject({
      until: '2026-01-12T16:00:00.000Z',
      coupon: { status: 'USED', card: { factor: '2', days: 7 } },
    })
    await buy('bob', 'o-1', 3_000)
    const query = '{ member(id: "bob") { qualifyingSpend } }'
    expect(await ask(query)).toEqual({ qualifyingSpend: '8000.00 CNY' })
  })

  it('X5: points that end soon last six months longer, bought with points', async () => {
    // What the first order earned ends with January 2027: 20 days before that.
    shop.setTime(Date.parse('2027-01-11T12:00:00+08:00'))
    await buy('ann', 'later', 500)
    const { id, code } = await redeem('longer')
    const lots = async () => (await ask(LOTS, { id: 'ann' })).wallet.lots.nodes
    expect(await lots()).toEqual(
      expect.arrayContaining([
        { kind: 'purchase', available: 1_900, expiresAt: '2027-01-31T16:00:00.000Z' },
        { kind: 'purchase', available: 500, expiresAt: '2028-01-31T16:00:00.000Z' },
      ]),
    )
    const activated = await activate(code)
    expect(activated).toMatchObject({ points: 1_900, until: null, coupon: { status: 'USED' } })
    const after = [
      { kind: 'purchase', available: 1_900, expiresAt: '2027-07-31T16:00:00.000Z' },
      { kind: 'purchase', available: 500, expiresAt: '2028-01-31T16:00:00.000Z' },
    ]
    expect(await lots()).toEqual(expect.arrayContaining(after))
    // Another day is no other activation.
    shop.setTime(Date.parse('2027-01-20T12:00:00+08:00'))
    expect(await activate(code)).toEqual(activated)
    expect(await lots()).toEqual(expect.arrayContaining(after))
    expect(await ask(CANCEL, { id })).toMatchObject({ code: 'COUPON_USED' })
  })

  it('X5: with nothing that ends soon a card stays, for later or to be cancelled', async () => {
    const { id, code } = await redeem('longer')
    const other = await redeem('longer')
    const nothing = { code: 'NOTHING_TO_EXTEND', field: null }
    expect(await activate(code)).toEqual(nothing)
    expect(await activate(other.code)).toEqual(nothing)
    expect(await ask(CANCEL, { id })).toEqual({ status: 'CANCELLED' })
    expect(await activate(code)).toMatchObject({ code: 'COUPON_VOID' })
    shop.setTime(NOON + 80 * DAY_MS)
    expect(await activate(other.code)).toEqual(nothing)
    shop.setTime(NOON + 95 * DAY_MS)
    expect(await activate(other.code)).toMatchObject({ code: 'COUPON_EXPIRED' })
  })

  it('delivery: the order’s fee is paid, once', async () => {
    const { code } = await redeem('free-delivery')
    const order = { code, orderId: 'o-1', orderAmount: '99.00 CNY' }
    expect(await ask(USE, { input: order })).toEqual({
      code: 'DELIVERY_FEE_NEEDED',
      field: 'deliveryFee',
    })
    const negative = { ...order, deliveryFee: '-1.00 CNY' }
    expect(await ask(USE, { input: negative })).toMatchObject({ field: 'deliveryFee' })
    const used = { discount: '12.00 CNY', coupon: { status: 'USED', amount: null } }
    const withFee = { ...order, deliveryFee: '12.00 CNY' }
    for (let again = 0; again < 2; again += 1) {
      expect(await ask(USE, { input: withFee })).toEqual(used)
    }
    expect(await activate(code)).toEqual({ code: 'COUPON_NOT_A_CARD', field: 'code' })
  })

  it('whose card it is, and whether there is one, is nobody else’s to know', async () => {
    const { code } = await redeem('double')
    expect(await activate(code, { memberId: 'bob' })).toEqual({
      code: 'COUPON_NOT_FOUND',
      field: 'code',
    })
    expect(await activate('nonsense')).toEqual({ code: 'COUPON_NOT_FOUND', field: 'code' })
    expect(await activate(code, { memberId: 'eve' })).toEqual({
      code: 'MEMBER_NOT_FOUND',
      field: 'memberId',
    })
    expect(await activate(code, { idempotencyKey: '' })).toMatchObject({ field: 'idempotencyKey' })
    expect(await activate(code)).toMatchObject({ coupon: { status: 'USED' } })
  })

  /** The server's programme acts, and then the server dies. */
  function dieAfter(act: 'boostEarning' | 'extendPoints', place: number) {
    const { program } = shop.servers[place]!
    const real = program[act] as (request: never) => Promise<unknown>
    Object.assign(program, {
      [act]: async (request: never) => {
        await real(request)
        throw new Error('the power went out')
      },
    })
  }

  it('a death between what a card does and its row: a repeat ends it, and does it once', async () => {
    const { id, code } = await redeem('next-order')
    dieAfter('boostEarning', 0)
    await expect(activate(code, {}, 0)).rejects.toThrow()
    // What it does is done: no cancelling, whatever its row says.
    expect(await ask(CANCEL, { id }, { place: 1 })).toMatchObject({ code: 'COUPON_USED' })
    shop.setTime(NOON + DAY_MS)
    const until = '2026-02-04T16:00:00.000Z'
    expect(await activate(code, {}, 1)).toMatchObject({ until, coupon: { status: 'USED' } })
    expect(await buy('ann', 'o-1', 100)).toMatchObject({ points: 300 })
    expect(await buy('ann', 'o-2', 100)).toMatchObject({ points: 100 })
  })

  it('the same of points that last longer, on another day', async () => {
    shop.setTime(Date.parse('2027-01-11T12:00:00+08:00'))
    const { code } = await redeem('longer')
    dieAfter('extendPoints', 0)
    await expect(activate(code, {}, 0)).rejects.toThrow()
    shop.setTime(Date.parse('2027-01-30T12:00:00+08:00'))
    expect(await activate(code, {}, 1)).toMatchObject({ points: 1_900 })
    const { wallet } = await ask(LOTS, { id: 'ann' })
    expect(wallet.lots.nodes).toEqual([
      { kind: 'purchase', available: 1_900, expiresAt: '2027-07-31T16:00:00.000Z' },
    ])
  })

  it('of many at once, and of a cancellation, one wins', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, code } = await redeem('next-order')
      const [cancelled, ...answers] = await Promise.all([
        ask(CANCEL, { id }),
        ...Array.from({ length: 8 }, (_, place) => activate(code, {}, place)),
      ])
      const isCancelled = cancelled.status !== undefined
      for (const answer of answers) {
        if (isCancelled) expect(answer).toMatchObject({ code: 'COUPON_VOID' })
        else expect(answer).toMatchObject({ coupon: { status: 'USED' } })
      }
      const points = (await buy('ann', `o-${round}`, 10)).points
      expect(points).toBe(isCancelled ? 10 : 30)
      expect(await buy('ann', `p-${round}`, 10)).toMatchObject({ points: 10 })
    }
  })

  it('M8: a card goes on with the member it was merged into, also one that somebody began with', async () => {
    const begun = await redeem('next-order')
    const fresh = await redeem('double')
    dieAfter('boostEarning', 0)
    await expect(activate(begun.code, {}, 0)).rejects.toThrow()
    const merged = await ask(MERGE, {}, { kind: 'operator', place: 1 })
    expect(merged.__typename).toBe('MemberMerge')
    expect(await activate(begun.code, { memberId: 'bob' }, 1)).toMatchObject({
      coupon: { status: 'USED' },
    })
    expect(await activate(fresh.code, { memberId: 'ann' }, 1)).toMatchObject({
      coupon: { status: 'USED' },
    })
    expect(await buy('bob', 'o-1', 100)).toMatchObject({ points: 300 })
    expect(await buy('ann', 'o-2', 100)).toMatchObject({ points: 200 })
  })

  it('M8: nobody activates a card of a member who is erased', async () => {
    const { code } = await redeem('double')
    const erased = await ask(ERASE, {}, { kind: 'operator' })
    expect(erased.__typename).toBe('Erasure')
    for (const memberId of ['ann', 'bob']) {
      expect(await activate(code, { memberId })).toMatchObject({
        code: memberId === 'ann' ? 'MEMBER_NOT_FOUND' : 'COUPON_NOT_FOUND',
      })
    }
  })
})
