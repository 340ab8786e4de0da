import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { DAY_MS, openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { openPolicyReader } from '../policy/read-policy.js'

const title = (en: string) => ({ en, zh: `${en}章` })
const badge = (id: string, goal: object, more: object = {}) => ({
  id,
  title: title(id),
  goal,
  ...more,
})
const orders = (count: number, more: object = {}) =>
  badge('regulars', { type: 'orders', count }, more)
const SHOWN = '{ me { badges { id title description earnedAt done needed } } }'
const badgesOf = async (test: TestProgram, id = 'ann') =>
  (await dataOf(test, SHOWN, { viewer: viewerOf.member(id) })).me.badges
const lastSteps = async (test: TestProgram) => {
  const query =
    '{ me { wallet { transactions(first: 1) { nodes { explanation { step title } } } } } }'
  const { me } = await dataOf(test, query, { viewer: viewerOf.member('ann') })
  return me.wallet.transactions.nodes[0].explanation.map((it: { step: string }) => it.step)
}

async function openShop(store: Parameters<typeof openTestProgram>[0], badges: object[]) {
  const test = await openTestProgram(store, { firstPolicy: { badges } })
  await test.program.members.registerMany([{ id: 'ann' }])
  return test
}

async function buy(test: TestProgram, orderId: string, { yuan = 10, confirmed = true } = {}) {
  const lines = [{ id: '1', quantity: 2, priceMinor: yuan * 50 }]
  const event = { orderId, at: test.time.now, lines, confirmed }
  const earned = await test.program.earn({ source: 'purchase', memberId: 'ann', event })
  if (isRefusal(earned)) throw new Error(earned.code)
}
let returns = 0
async function giveBack(test: TestProgram, once: string, quantity: number) {
  const taken = { returnId: `r${returns++}`, lines: [{ line: '1', quantity }] }
  const back = await test.program.returnEarned({ source: 'purchase', once, taken })
  if (isRefusal(back)) throw new Error(back.code)
}
async function change(test: TestProgram, badges: object[]) {
  const updated = await test.program.policies.update({ document: { badges }, by: 'rosa' })
  expect(updated).not.toHaveProperty('faults')
}
async function review({ program, time }: TestProgram) {
  const context = { now: time.now, signal: new AbortController().signal, report() {} }
  await program.reviews.run(context)
}

describe.each(availableStores())('M7: badges on %s', (store) => {
  it('are earned in the posting that meets the goal, and shown with how far it is', async () => {
    const test = await openShop(store, [
      orders(2, { description: title('Buy twice') }),
      badge('spender', { type: 'spend', amount: '25.5' }),
      badge('bells', { type: 'acts', source: 'bell', count: 3 }),
    ])
    await buy(test, 'a')
    expect(await badgesOf(test)).toEqual([
      {
        id: 'regulars',
        title: 'regulars',
        description: 'Buy twice',
        earnedAt: null,
        done: '1',
        needed: '2',
      },
      {
        id: 'spender',
        title: 'spender',
        description: null,
        earnedAt: null,
        done: '10',
        needed: '25.5',
      },
      { id: 'bells', title: 'bells', description: null, earnedAt: null, done: '0', needed: '3' },
    ])
    expect(await lastSteps(test)).toEqual(['base', 'tier'])
    test.time.now += DAY_MS
    await buy(test, 'b', { yuan: 15.5 })
    expect(await lastSteps(test)).toEqual(['base', 'tier', 'badge-earned', 'badge-earned'])
    const earnedAt = new Date(test.time.now).toISOString()
    expect(await badgesOf(test)).toMatchObject([
      { id: 'regulars', earnedAt, done: '2' },
      { id: 'spender', earnedAt, done: '25.5' },
      { id: 'bells', earnedAt: null },
    ])
    test.time.now += DAY_MS
    await buy(test, 'c')
    expect(await lastSteps(test)).toEqual(['base', 'tier'])
    expect((await badgesOf(test))[0]).toMatchObject({ earnedAt, done: '3' })
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('count orders once they are confirmed, by a call or by themselves', async () => {
    const test = await openShop(store, [orders(1)])
    await buy(test, 'a', { confirmed: false })
    expect((await badgesOf(test))[0]).toMatchObject({ earnedAt: null, done: '0' })
    const confirmed = await test.program.confirmEarned({ source: 'purchase', once: 'a' })
    expect(isRefusal(confirmed)).toBe(false)
    expect((await badgesOf(test))[0].earnedAt).not.toBeNull()
    expect(await lastSteps(test)).toEqual(['badge-earned'])
  })

  it('L5: are lost when what they were earned by goes back, and earned again', async () => {
    const test = await openShop(store, [orders(2)])
    await buy(test, 'a')
    await buy(test, 'b')
    await giveBack(test, 'b', 1)
    expect((await badgesOf(test))[0].earnedAt).not.toBeNull()
    await giveBack(test, 'b', 1)
    expect(await lastSteps(test)).toEqual(['return', 'badge-lost'])
    expect((await badgesOf(test))[0]).toMatchObject({ earnedAt: null, done: '1' })
    await buy(test, 'c')
    expect((await badgesOf(test))[0].earnedAt).not.toBeNull()
    const cancelled = await test.program.cancelEarned({ source: 'purchase', once: 'a' })
    expect(isRefusal(cancelled)).toBe(false)
    expect((await badgesOf(test))[0].earnedAt).toBeNull()
  })

  it('stay when the operator changes the list, and are shown as they were', async () => {
    const test = await openShop(store, [orders(1)])
    await buy(test, 'a')
    await change(test, [orders(5)])
    expect((await badgesOf(test))[0]).toMatchObject({ needed: '1', done: '1' })
    await buy(test, 'b')
    await giveBack(test, 'b', 2)
    expect((await badgesOf(test))[0].earnedAt).not.toBeNull()
    await change(test, [])
    expect(await badgesOf(test)).toMatchObject([{ id: 'regulars', title: 'regulars', needed: '1' }])
    await giveBack(test, 'a', 2)
    expect(await badgesOf(test)).toEqual([])
  })

  it('count what was done before they were there, and come with the next review', async () => {
    const test = await openShop(store, [])
    await buy(test, 'a')
    await change(test, [orders(1), badge('old', { type: 'orders', count: 1 }, { active: false })])
    expect(await badgesOf(test)).toMatchObject([{ id: 'regulars', earnedAt: null, done: '1' }])
    await review(test)
    expect(await badgesOf(test)).toMatchObject([
      { id: 'regulars', earnedAt: new Date(test.time.now).toISOString() },
    ])
    expect(await lastSteps(test)).toEqual(['badge-earned'])
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('R1, M6: open offers, and put into segments', async () => {
    const test = await openShop(store, [orders(1)])
    const offer = {
      id: 'tea',
      channel: 'shelf',
      title: title('Tea'),
      cashValue: '1.00 CNY',
      price: { byHand: 1 },
      badges: ['regulars'],
    }
    expect(await test.program.offers.create({ ...offer, badges: ['none'] })).toMatchObject({
      code: 'INVALID_INPUT',
      figures: { field: 'badges.0' },
    })
    expect(isRefusal(await test.program.offers.create(offer))).toBe(false)
    const redeem = (idempotencyKey: string) =>
      test.program.redemptions.redeem({ memberId: 'ann', offerId: 'tea', idempotencyKey })
    expect(await redeem('a')).toMatchObject({ code: 'OFFER_NOT_FOR_YOU' })
    await buy(test, 'a')
    expect(isRefusal(await redeem('b'))).toBe(false)
  })

  it('L4: are earned once, by orders of two servers at once', async () => {
    const test = await openShop(store, [orders(5)])
    const other =
      store === 'memory' ? test : await openTestProgram(store, { url: test.url, time: test.time })
    await Promise.all(Array.from({ length: 10 }, (_, n) => buy(n % 2 ? test : other, `o${n}`)))
    const query = '{ me { wallet { transactions(first: 20) { nodes { explanation { step } } } } } }'
    const { me } = await dataOf(test, query, { viewer: viewerOf.member('ann') })
    const steps = me.wallet.transactions.nodes.flatMap((it: { explanation: { step: string }[] }) =>
      it.explanation.map(({ step }) => step),
    )
    expect(steps.filter((step: string) => step === 'badge-earned')).toHaveLength(1)
    expect((await badgesOf(test))[0]).toMatchObject({ done: '10' })
  })
})

describe('M7: any sequence of orders, confirmations, returns and cancellations', () => {
  it('leaves the badges that what stands would earn', async () => {
    const act = fc.record({
      order: fc.integer({ min: 0, max: 5 }),
      what: fc.constantFrom('buy', 'wait', 'confirm', 'half', 'rest', 'cancel'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const goals = [
          orders(2),
          badge('three', { type: 'acts', source: 'purchase', count: 3 }),
          badge('spender', { type: 'spend', amount: '35' }),
        ]
        const test = await openShop('memory', goals)
        const known = new Map<number, { left: number; stands: boolean; cancelled: boolean }>()
        for (const { order, what } of acts) {
          const name = { source: 'purchase', once: `o${order}` }
          const it = known.get(order)
          if ((what === 'buy' || what === 'wait') && !it) {
            await buy(test, name.once, { confirmed: what === 'buy' })
            known.set(order, { left: 2, stands: what === 'buy', cancelled: false })
          }
          if (!it || it.cancelled) continue
          if (what === 'confirm') {
            await test.program.confirmEarned(name)
            it.stands = true
          }
          if (what === 'cancel') {
            await test.program.cancelEarned(name)
            it.cancelled = true
          }
          if (what === 'half' && it.left === 2) {
            await giveBack(test, name.once, 1)
            it.left = 1
          }
          if (what === 'rest' && it.left === 1) {
            const taken = { returnId: 'rest', lines: [{ line: '1', quantity: 1 }] }
            await test.program.returnEarned({ ...name, taken })
            it.left = 0
          }
        }
        const standing = [...known.values()].filter(
          ({ left, stands, cancelled }) => stands && !cancelled && left > 0,
        )
        const yuan = standing.reduce((sum, { left }) => sum + left * 5, 0)
        const shown = await badgesOf(test)
        expect(
          shown.map(({ id, earnedAt, done }: Record<string, unknown>) => [
            id,
            earnedAt !== null,
            done,
          ]),
        ).toEqual([
          ['regulars', standing.length >= 2, `${standing.length}`],
          ['three', standing.length >= 3, `${standing.length}`],
          ['spender', yuan >= 35, `${yuan}`],
        ])
      }),
      { numRuns: 40 },
    )
  })
})

describe('E1: a list of badges', () => {
  it('is refused with the path of every fault', () => {
    const read = openPolicyReader({ sources: [], channels: [] })
    const badges = [
      orders(1),
      orders(2),
      badge('share', { type: 'acts', source: 'behaviour', count: 1 }),
      badge('fen', { type: 'spend', amount: '1.001' }),
      badge('never', { type: 'orders', count: 0 }),
    ]
    expect(read({ badges: badges.slice(0, 4) }).faults?.map(({ path }) => path)).toEqual([
      'badges.1.id',
      'badges.2.goal.source',
      'badges.3.goal.amount',
    ])
    expect(read({ badges: badges.slice(4) }).faults?.map(({ path }) => path)).toEqual([
      'badges.0.goal.count',
    ])
  })
})
