import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const REFUSAL = '... on Refusal { code field when }'
const CHANGED = `... on MembershipChanged { thawed member { membership { until lapsed }
  wallet { balance { available frozen claimable } } } } ${REFUSAL}`
const SET = `mutation ($input: SetMembershipInput!) { setMembership(input: $input) { ${CHANGED} } }`
const RENEW = `mutation ($input: RenewMembershipInput!) { renewMembership(input: $input) { ${CHANGED} } }`
const MEMBERSHIP = '{ member(id: "ann") { membership { until lapsed } } }'
const REDEEM = `mutation ($key: ID!) { redeem(input: { memberId: "ann", offerId: "tea", idempotencyKey: $key }) {
  ... on Redemption { id status } ${REFUSAL} } }`
const QUOTE = `mutation { quote(memberId: "ann", offerId: "tea") { ... on Quote { id } ${REFUSAL} } }`
const title = { en: 'x', zh: 'x' }
const AT_NOON = (day: number) => MONDAY_NOON + day * DAY_MS
const iso = (at: number) => new Date(at).toISOString()

async function openShop(
  store: Parameters<typeof openTestProgram>[0],
  { membership = {}, ...policy }: { membership?: object } & Record<string, unknown> = {},
) {
  const test = await openTestProgram(store, {
    firstPolicy: {
      kinds: {
        purchase: { title, expiry: { term: 'days', days: 30 } },
        task: { title, expiry: { term: 'never' } },
      },
      sources: { purchase: { settings: { confirmAfterMs: 10 * DAY_MS } } },
      membership: { enabled: true, firstTermMonths: null, ...membership },
      ...policy,
    },
  })
  await test.program.members.register({ id: 'ann' })
  return test
}

let keys = 0
const ask = async (test: TestProgram, query: string, more: object = {}): Promise<Data> => {
  const input = { memberId: 'ann', idempotencyKey: `k${keys++}`, ...more }
  return Object.values(
    await dataOf(test, query, { viewer: viewerOf.storefront, variables: { input } }),
  )[0]
}
const set = (test: TestProgram, until: number | null, more: object = {}) =>
  ask(test, SET, { until: until === null ? null : iso(until), ...more })
const renew = (test: TestProgram, more: object = {}) => ask(test, RENEW, more)
const buy = (test: TestProgram, orderId: string, { at = test.time.now, confirmed = true } = {}) =>
  test.program.earn({
    source: 'purchase',
    memberId: 'ann',
    event: { orderId, at, lines: [{ id: '1', quantity: 1, priceMinor: 100_00 }], confirmed },
  })
const points = async (test: TestProgram) => {
  const { available, pending, frozen } = (await balanceOf(test, 'ann')).balance
  return { available, pending, frozen }
}
const sound = async (test: TestProgram) =>
  expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })

describe.each(availableStores())('M2: membership on %s', (store) => {
  it('runs out: the wallet freezes at that instant, and a renewal thaws it', async () => {
    const test = await openShop(store)
    await buy(test, 'a')
    const end = AT_NOON(5)
    expect(await set(test, end)).toMatchObject({
      thawed: 0,
      member: { membership: { until: iso(end), lapsed: false } },
    })
    test.time.now = end - 1
    expect(await points(test)).toEqual({ available: 100, pending: 0, frozen: 0 })
    test.time.now = end
    expect(await points(test)).toEqual({ available: 0, pending: 0, frozen: 100 })
    expect((await dataOf(test, MEMBERSHIP)).member.membership).toEqual({
      until: iso(end),
      lapsed: true,
    })
    test.time.now = AT_NOON(20)
    expect(await renew(test)).toMatchObject({
      thawed: 100,
      member: {
        // Twelve months from the day it was renewed.
        membership: { until: '2027-01-24T16:00:00.000Z', lapsed: false },
        wallet: { balance: { available: 100, frozen: 0 } },
      },
    })
    await sound(test)
  })

  it('refuses to redeem and to earn from that instant on, whatever the sweep does', async () => {
    const test = await openShop(store)
    const cashValue = '1.00 CNY'
    const tea = { id: 'tea', channel: 'shelf', title, cashValue, price: { byHand: 10 } }
    await test.program.offers.create(tea)
    const other =
      store === 'memory' ? test : await openTestProgram(store, { url: test.url, time: test.time })
    await buy(test, 'a')
    await set(test, AT_NOON(5))
    const redeem = async (key: string) =>
      (await dataOf(other, REDEEM, { viewer: viewerOf.storefront, variables: { key } })).redeem
    test.time.now = AT_NOON(5) - 1
    expect(await redeem('1')).toMatchObject({ status: 'FULFILLED' })
    expect(isRefusal(await buy(other, 'b'))).toBe(false)
    test.time.now = AT_NOON(5)
    const lapsed = { code: 'MEMBERSHIP_LAPSED', when: iso(AT_NOON(5)) }
    expect(await redeem('2')).toMatchObject(lapsed)
    const quoted = await dataOf(other, QUOTE, { viewer: viewerOf.storefront })
    expect(quoted.quote).toMatchObject(lapsed)
    expect(await buy(other, 'c')).toMatchObject({ code: 'MEMBERSHIP_LAPSED' })
    // Bought while it was valid, and told of later.
    expect(isRefusal(await buy(test, 'd', { at: AT_NOON(5) - 1 }))).toBe(false)
    expect(await points(test)).toEqual({ available: 0, pending: 0, frozen: 290 })
    expect(await redeem('1')).toMatchObject({ status: 'FULFILLED' })
    await sound(test)
  })

  it('freezes what confirms meanwhile, and what is earned where the policy lets it', async () => {
    const test = await openShop(store, { membership: { earningWhileLapsed: 'freeze' } })
    await buy(test, 'a', { confirmed: false })
    await set(test, AT_NOON(5))
    test.time.now = AT_NOON(9)
    expect(await points(test)).toEqual({ available: 0, pending: 100, frozen: 0 })
    test.time.now = AT_NOON(10)
    expect(await points(test)).toEqual({ available: 0, pending: 0, frozen: 100 })
    await buy(test, 'b')
    expect(await points(test)).toEqual({ available: 0, pending: 0, frozen: 200 })
    expect(await renew(test)).toMatchObject({ thawed: 200 })
    expect(await points(test)).toEqual({ available: 200, pending: 0, frozen: 0 })
    await sound(test)
  })

  it.each<[string, object, number]>([
    ['can be used for some days more', {}, 100],
    ['is gone where the policy says so', { ranOut: { policy: 'expire' } }, 0],
  ])('what ran out meanwhile %s', async (_, membership, left) => {
    const test = await openShop(store, { membership })
    await buy(test, 'a')
    await set(test, AT_NOON(5))
    test.time.now = AT_NOON(60)
    expect(await points(test)).toEqual({ available: 0, pending: 0, frozen: 100 })
    await renew(test)
    expect((await points(test)).available).toBe(left)
    // Thirty days and the rest of the last one.
    test.time.now = Date.parse('2026-04-06T00:00:00+08:00') - 1
    expect((await points(test)).available).toBe(left)
    test.time.now += 1
    expect((await points(test)).available).toBe(0)
    await sound(test)
  })

  it('leaves frozen what an operator froze', async () => {
    const test = await openShop(store)
    await buy(test, 'a')
    const word = { memberId: 'ann', points: 30, until: null, reason: 'r', by: 'rosa' }
    const frozen = await test.program.freezes.freeze({ ...word, idempotencyKey: 'f' })
    await set(test, AT_NOON(5))
    test.time.now = AT_NOON(6)
    expect(await points(test)).toEqual({ available: 0, pending: 0, frozen: 100 })
    expect(await renew(test)).toMatchObject({ thawed: 70 })
    expect(await points(test)).toEqual({ available: 70, pending: 0, frozen: 30 })
    if (isRefusal(frozen)) throw new Error(frozen.code)
    await test.program.freezes.thaw({ id: frozen.id, reason: 'r', by: 'rosa' })
    expect(await points(test)).toEqual({ available: 100, pending: 0, frozen: 0 })
    await sound(test)
  })

  it('is renewed from its end on, once a key, and never made shorter by that', async () => {
    const test = await openShop(store, { membership: { renewalMonths: 6 } })
    await set(test, Date.parse('2026-03-01T00:00:00+08:00'))
    const longer = { member: { membership: { until: '2026-08-31T16:00:00.000Z' } } }
    expect(await renew(test, { idempotencyKey: 'r' })).toMatchObject(longer)
    expect(await renew(test, { idempotencyKey: 'r' })).toMatchObject(longer)
    expect(await set(test, null)).toMatchObject({ member: { membership: { until: null } } })
    expect(await renew(test)).toMatchObject({ member: { membership: { until: null } } })
    const other = { until: iso(AT_NOON(9)), idempotencyKey: 'r' }
    expect(await ask(test, SET, other)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  it('of a new member begins with the policy’s first term, and of an old one has no end', async () => {
    const test = await openShop(store, { membership: { firstTermMonths: 3 } })
    const until = '2026-04-04T16:00:00.000Z'
    const membership = async () => (await dataOf(test, MEMBERSHIP)).member.membership
    expect(await membership()).toEqual({ until, lapsed: false })
    test.time.now += 9 * DAY_MS
    await test.program.members.register({ id: 'ann' })
    expect(await membership()).toEqual({ until, lapsed: false })

    const old = await openShop(store, { membership: { enabled: false } })
    await buy(old, 'a')
    expect(await set(old, AT_NOON(5))).toMatchObject({ code: 'MEMBERSHIP_OFF' })
    expect(await renew(old)).toMatchObject({ code: 'MEMBERSHIP_OFF' })
    expect(await set(old, null)).toMatchObject({ thawed: 0 })
    const { document } = old.program.policies.at(old.time.now)
    const changed = { ...document, membership: { enabled: true, firstTermMonths: 3 } }
    await old.program.policies.update({ document: changed, by: 'rosa' })
    await old.program.members.register({ id: 'ann' })
    expect((await dataOf(old, MEMBERSHIP)).member.membership.until).toBeNull()
  })

  it('keeps what could be claimed, and gives as long again to claim it', async () => {
    const test = await openShop(store, {
      sources: { purchase: { settings: { claimMs: 3 * DAY_MS } } },
    })
    await buy(test, 'a')
    await set(test, AT_NOON(2))
    test.time.now = AT_NOON(9)
    expect(await renew(test)).toMatchObject({
      thawed: 0,
      member: { wallet: { balance: { claimable: 100 } } },
    })
    test.time.now = AT_NOON(12) - 1
    expect(await test.program.claim({ memberId: 'ann', lots: null })).toMatchObject({ points: 100 })
    await sound(test)
  })

  it.each<[string, object, object]>([
    ['of nobody', { memberId: 'eve' }, { code: 'MEMBER_NOT_FOUND', field: 'memberId' }],
    ['without a key', { idempotencyKey: '' }, { code: 'INVALID_INPUT', field: 'idempotencyKey' }],
    ['for an empty reason', { reason: ' ' }, { code: 'INVALID_INPUT', field: 'reason' }],
  ])('is not changed %s', async (_, more, refusal) => {
    const test = await openShop(store)
    expect(await renew(test, more)).toMatchObject(refusal)
    expect(await set(test, AT_NOON(5), more)).toMatchObject(refusal)
    expect((await balanceOf(test, 'ann')).version).toBe(0)
  })
})
