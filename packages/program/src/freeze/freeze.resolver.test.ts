import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { type Data, dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const REFUSAL = '... on Refusal { code field available needed }'
const FREEZE = `mutation ($input: FreezePointsInput!) { freezePoints(input: $input) {
  ... on Freeze { id points until reason by transaction { type title } } ${REFUSAL} } }`
const THAW = `mutation ($id: ID!, $reason: String!) { thawPoints(id: $id, reason: $reason) {
  ... on FreezeEnded { id points transaction { type title } } ${REFUSAL} } }`
const VOID = THAW.replace('thawPoints', 'voidFrozenPoints')
const FREEZES = '{ member(id: "ann") { freezes { id points until reason by } } }'
const title = { en: 'x', zh: 'x' }

/** Ann has 100 points that expire after ten days, and 50 that never do. */
async function openShop(store: Parameters<typeof openTestProgram>[0], firstPolicy: object = {}) {
  const kinds = {
    purchase: { title, expiry: { term: 'days', days: 10 } },
    task: { title, expiry: { term: 'never' } },
  }
  const test = await openTestProgram(store, { firstPolicy: { kinds, ...firstPolicy } })
  await test.program.members.register({ id: 'ann' })
  const lines = [{ id: '1', quantity: 1, priceMinor: 100_00 }]
  const event = { orderId: 'o', at: MONDAY_NOON, lines }
  const earned = await test.program.earn({ source: 'purchase', memberId: 'ann', event })
  expect(isRefusal(earned)).toBe(false)
  await adjust(test, 50)
  return test
}

let keys = 0
const adjust = (test: TestProgram, points: number) =>
  test.program.adjustments.request({
    memberId: 'ann',
    points,
    kind: 'task',
    reason: 'r',
    idempotencyKey: `a${keys++}`,
    by: 'rosa',
  })
const freeze = async (test: TestProgram, more: object = {}): Promise<Data> => {
  const input = { memberId: 'ann', reason: 'odd orders', idempotencyKey: `k${keys++}`, ...more }
  return (await dataOf(test, FREEZE, { variables: { input } })).freezePoints
}
const thaw = async (test: TestProgram, id: string, more: object = {}): Promise<Data> =>
  (await dataOf(test, THAW, { variables: { id, reason: 'all is well' }, ...more })).thawPoints
const voids = async (test: TestProgram, id: string): Promise<Data> =>
  (await dataOf(test, VOID, { variables: { id, reason: 'a fraud' } })).voidFrozenPoints
const points = async (test: TestProgram) => {
  const { available, frozen } = (await balanceOf(test, 'ann')).balance
  return [available, frozen]
}
const sound = async (test: TestProgram) =>
  expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })

describe.each(availableStores())('K2: operators freeze points on %s', (store) => {
  it('and free them, each once, and everybody sees it', async () => {
    const test = await openShop(store)
    const frozen = await freeze(test, { points: 120, idempotencyKey: 'k' })
    expect(frozen).toEqual({
      id: '1-3',
      points: 120,
      until: null,
      reason: 'odd orders',
      by: 'rosa',
      transaction: { type: 'FREEZE', title: 'Points frozen' },
    })
    expect(await freeze(test, { points: 120, idempotencyKey: 'k' })).toEqual(frozen)
    expect(await freeze(test, { points: 99, idempotencyKey: 'k' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'points',
    })
    expect(await points(test)).toEqual([30, 120])
    expect((await dataOf(test, FREEZES)).member.freezes).toMatchObject([
      { id: '1-3', points: 120, reason: 'odd orders', by: 'rosa' },
    ])
    expect(await thaw(test, frozen.id)).toMatchObject({ points: 120 })
    expect(await thaw(test, frozen.id)).toMatchObject({ points: 120 })
    const other = { viewer: { ...viewerOf.operator('admin'), subject: 'fred' } }
    expect(await thaw(test, frozen.id, other)).toMatchObject({
      code: 'FREEZE_NOT_FOUND',
      field: 'id',
    })
    expect(await points(test)).toEqual([150, 0])
    expect((await dataOf(test, FREEZES)).member.freezes).toEqual([])
    await sound(test)
  })

  it('all there are, until a moment: then they are free before anybody asks', async () => {
    const test = await openShop(store)
    const until = new Date(MONDAY_NOON + 48 * HOUR_MS).toISOString()
    expect(await freeze(test, { until })).toMatchObject({ points: 150, until })
    test.time.now = MONDAY_NOON + 48 * HOUR_MS - 1
    expect(await points(test)).toEqual([0, 150])
    test.time.now += 1
    expect(await points(test)).toEqual([150, 0])
    expect(await thaw(test, '1-3')).toMatchObject({ code: 'FREEZE_NOT_FOUND' })
    await sound(test)
  })

  it('and the sweep frees them where nobody looks', async () => {
    const test = await openShop(store)
    await freeze(test, { until: new Date(MONDAY_NOON + HOUR_MS).toISOString() })
    test.time.now += 2 * HOUR_MS
    expect(await test.ledger.sweep(10)).toMatchObject({ wallets: 1, transactions: 1 })
    const [wallet] = await test.ledger.store.findWallets([1])
    expect(wallet).toMatchObject({ balance: { available: 150, frozen: 0 }, lock: null })
  })

  it.each<[string, object, number]>([
    ['have a grace', {}, 150],
    ['are lost where the policy says so', { reinstate: { policy: 'forfeit' } }, 50],
  ])('and points that ran out meanwhile %s', async (_, policy, left) => {
    for (const how of ['by itself', 'by hand']) {
      const test = await openShop(store, policy)
      const end = MONDAY_NOON + 20 * DAY_MS
      const until = how === 'by itself' ? { until: new Date(end).toISOString() } : {}
      const { id } = await freeze(test, until)
      test.time.now = end - 1
      expect(await points(test)).toEqual([0, 150])
      test.time.now = end
      if (how === 'by hand') await thaw(test, id)
      expect(await points(test)).toEqual([left, 0])
      // 30 days and the rest of the last one.
      test.time.now = Date.parse('2026-02-24T23:59:59.999+08:00')
      expect(await points(test)).toEqual([left, 0])
      test.time.now += 1
      expect(await points(test)).toEqual([50, 0])
      await sound(test)
    }
  })

  it('or take them for good, with a reason', async () => {
    const test = await openShop(store)
    const { id } = await freeze(test, { points: 60 })
    expect(await voids(test, id)).toMatchObject({
      points: 60,
      transaction: { type: 'VOID', title: 'Frozen points voided' },
    })
    expect(await points(test)).toEqual([90, 0])
    expect(await voids(test, id)).toMatchObject({ points: 60 })
    expect(await thaw(test, id)).toMatchObject({ code: 'FREEZE_NOT_FOUND' })
    await sound(test)
  })

  it.each<[string, object, object]>([
    ['none', { points: 0 }, { code: 'AMOUNT_NOT_POSITIVE', field: 'points' }],
    ['fewer than none', { points: -3 }, { code: 'AMOUNT_NOT_POSITIVE', field: 'points' }],
    ['more than are available', { points: 151 }, { code: 'INSUFFICIENT_POINTS', available: 150 }],
    ['those of nobody', { memberId: 'eve' }, { code: 'MEMBER_NOT_FOUND', field: 'memberId' }],
    ['without a reason', { reason: ' ' }, { code: 'INVALID_INPUT', field: 'reason' }],
    ['without a key', { idempotencyKey: '' }, { code: 'INVALID_INPUT', field: 'idempotencyKey' }],
    [
      'until now',
      { until: new Date(MONDAY_NOON).toISOString() },
      { code: 'INVALID_INPUT', field: 'until' },
    ],
  ])('but not %s', async (_, more, refusal) => {
    const test = await openShop(store)
    expect(await freeze(test, more)).toMatchObject(refusal)
    expect((await balanceOf(test, 'ann')).version).toBe(2)
  })

  it('but not where nothing is available, nor what there is not', async () => {
    const test = await openShop(store)
    await freeze(test)
    expect(await freeze(test)).toMatchObject({ code: 'INSUFFICIENT_POINTS', available: 0 })
    for (const id of ['1-1', '9-1', 'x', '', '1-99999999999999999999']) {
      expect(await thaw(test, id)).toMatchObject({ code: 'FREEZE_NOT_FOUND', field: 'id' })
      expect(await voids(test, id)).toMatchObject({ code: 'FREEZE_NOT_FOUND', field: 'id' })
    }
  })

  it('and of two servers that end one at once, one does', async () => {
    const test = await openShop(store)
    const other =
      store === 'memory' ? test : await openTestProgram(store, { url: test.url, time: test.time })
    for (let round = 0; round < 6; round++) {
      const { id } = await freeze(test, { points: 10 })
      const word = { id, reason: 'r' }
      const ended = await Promise.all([
        test.program.freezes.thaw({ ...word, by: 'rosa' }),
        other.program.freezes.thaw({ ...word, by: 'fred' }),
        other.program.freezes.void({ ...word, by: 'gina' }),
      ])
      expect(ended.filter((it) => !isRefusal(it))).toHaveLength(1)
    }
    const [available, frozen] = await points(test)
    expect(frozen).toBe(0)
    expect((150 - available!) % 10).toBe(0)
    await sound(test)
  })
})
