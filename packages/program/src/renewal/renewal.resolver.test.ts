import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { openTestProgram, type TestProgram } from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'

const title = { en: 'x', zh: 'x' }
const kinds = {
  purchase: { title, expiry: { term: 'months', months: 1 }, renewable: true },
  task: { title, expiry: { term: 'never' } },
}
const at = (iso: string) => Date.parse(`${iso}+08:00`)

const SHOWN = `{ me { renewable { lot { id } tasks { id title through } }
  wallet { lots { nodes { id available expiresAt } }
    transactions { nodes { type reason title explanation { step points figures title } } } } } }`

/** Ann has 10 points through 28 February; it is the 20th. */
async function openShop(store: Parameters<typeof openTestProgram>[0], policy: object = {}) {
  const test = await openTestProgram(store, { firstPolicy: { kinds, ...policy } })
  await test.program.members.register({ id: 'ann' })
  await buy(test, 'first', 10)
  test.time.now = at('2026-02-20T12:00:00')
  return test
}

const buy = async (
  { program, time }: TestProgram,
  orderId: string,
  yuan: number,
  confirmed = true,
) => {
  const lines = [{ id: '1', quantity: 1, priceMinor: yuan * 100 }]
  const event = { orderId, at: time.now, lines, confirmed }
  const earned = await program.earn({ source: 'purchase', memberId: 'ann', event })
  assertDone(earned)
  return earned
}
const show = async (test: TestProgram) =>
  (await dataOf(test, SHOWN, { viewer: viewerOf.member('ann') })).me
/** The last day of the first lot. */
const throughOf = async (test: TestProgram) => {
  const lots = (await show(test)).wallet.lots.nodes
  const { expiresAt } = lots.find(({ id }: { id: string }) => id === '1-1')
  const { calendar } = test.program.policies.at(test.time.now)
  return calendar.dateOf(Date.parse(expiresAt) - 1)
}

describe.each(availableStores())('X5: renewal on %s', (store) => {
  it('X5: 100 yuan in one order renew what runs out soon, with the order, once', async () => {
    const test = await openShop(store)
    const before = await show(test)
    expect(before.renewable).toEqual([
      {
        lot: { id: '1-1' },
        tasks: [
          { id: 'spend', title: 'Spend 100 yuan', through: '2026-03-31' },
          { id: 'share', title: 'Share', through: '2026-03-15' },
          {
            id: 'check-in-week',
            title: 'Check in seven days in a row',
            through: '2026-08-31',
          },
          { id: 'large-order', title: 'Spend 100 yuan in one order', through: '2026-08-31' },
        ],
      },
    ])
    await buy(test, 'large', 100)
    const { wallet, renewable } = await show(test)
    expect(await throughOf(test)).toBe('2026-08-31')
    expect(renewable).toEqual([])
    expect(wallet.transactions.nodes[0]).toMatchObject({ type: 'GRANT', reason: 'purchase' })
    expect(wallet.transactions.nodes[0].explanation.at(-1)).toEqual({
      step: 'renewal',
      points: '0',
      title: 'Points last longer',
      figures: {
        task: 'large-order',
        title: { en: 'Spend 100 yuan in one order', zh: '单笔消费满 100 元' },
        lots: [{ lot: '1-1', points: 10, from: '2026-02-28', through: '2026-08-31' }],
      },
    })
    test.time.now = at('2026-08-31T10:00:00')
    await buy(test, 'more', 500)
    expect(await throughOf(test)).toBe('2026-08-31')
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('X5: an order counts once it is confirmed, by a call', async () => {
    const test = await openShop(store)
    await buy(test, 'large', 100, false)
    expect(await throughOf(test)).toBe('2026-02-28')
    test.time.now = at('2026-02-21T12:00:00')
    const confirmed = await test.program.confirmEarned({ source: 'purchase', once: 'large' })
    assertDone(confirmed)
    expect(await throughOf(test)).toBe('2026-08-31')
    expect((await show(test)).wallet.transactions.nodes[0]).toMatchObject({
      type: 'CONFIRM',
      explanation: [{ step: 'renewal' }],
    })
  })

  it('X5: or by itself, and is cancelled before that for nothing', async () => {
    const day = 86_400_000
    const test = await openShop(store, {
      sources: { purchase: { settings: { confirmAfterMs: 3 * day } } },
    })
    await buy(test, 'cancelled', 100, false)
    await test.program.cancelEarned({ source: 'purchase', once: 'cancelled' })
    await buy(test, 'large', 100, false)
    test.time.now += 3 * day - 1
    await test.program.jobs.runDue()
    expect(await throughOf(test)).toBe('2026-02-28')
    test.time.now += 1
    await test.ledger.settle([1])
    // Whatever comes in between takes nothing away from it.
    await test.program.earn({ source: 'bell', memberId: 'ann', event: { at: test.time.now } })
    await test.program.notices.handleDue()
    expect(await throughOf(test)).toBe('2026-08-31')
    const { nodes } = (await show(test)).wallet.transactions
    expect(nodes[0]).toMatchObject({
      type: 'EXTEND',
      reason: 'renewal',
      title: 'Points last longer',
    })
    await test.program.notices.handleDue()
    expect((await show(test)).wallet.transactions.nodes).toHaveLength(nodes.length)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it.each([
    ['by its time', false],
    ['by a call, and its time is told of once more', true],
  ])('X5: an order that caps cut to nothing counts as well, confirmed %s', async (_, isCalled) => {
    const day = 86_400_000
    const test = await openShop(store, {
      sources: { purchase: { settings: { confirmAfterMs: 3 * day } } },
      caps: { pointsPerOrder: { limit: 10, byTier: {} }, pointsPerDay: { limit: 0 } },
    })
    // Ten points that are there already.
    const credit = { memberId: 'ann', points: 10, kind: 'purchase', reason: 'x', by: 'rosa' }
    await test.program.adjustments.request({ ...credit, idempotencyKey: 'k' })
    test.time.now = at('2026-03-20T12:00:00')
    const grant = await buy(test, 'large', 100, false)
    expect(grant.points).toBe(0)
    await buy(test, 'cancelled', 200, false)
    await test.program.cancelEarned({ source: 'purchase', once: 'cancelled' })
    test.time.now += 3 * day - 1
    if (isCalled) await test.program.confirmEarned({ source: 'purchase', once: 'large' })
    else {
      await test.program.jobs.runDue()
      expect(await throughOf(test)).toBe('2026-03-31')
    }
    test.time.now += 1
    await test.program.notices.handleDue()
    expect(await throughOf(test)).toBe('2026-09-30')
    const { nodes } = (await show(test)).wallet.transactions
    await test.program.notices.handleDue()
    expect((await show(test)).wallet.transactions.nodes).toHaveLength(nodes.length)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('X5: once is once, also for a lot that outlasts its renewal', async () => {
    const test = await openShop(store)
    await buy(test, 'large', 100)
    expect(await throughOf(test)).toBe('2026-08-31')
    assertDone(
      await test.program.extendPoints({
        memberId: 'ann',
        lots: [1],
        days: 60,
        reason: 'x',
        idempotencyKey: 'k',
        givenBy: 'rosa',
      }),
    )
    test.time.now = at('2026-10-10T12:00:00')
    await buy(test, 'small', 1)
    await buy(test, 'larger', 200)
    expect(await throughOf(test)).toBe('2026-10-30')
  })

  it('X5: what was returned is not added up, and what lasts longer by it stays', async () => {
    const test = await openShop(store)
    await buy(test, 'a', 60)
    await test.program.cancelEarned({ source: 'purchase', once: 'a' })
    await buy(test, 'b', 60)
    expect(await throughOf(test)).toBe('2026-02-28')
    test.time.now = at('2026-02-25T12:00:00')
    await buy(test, 'c', 40)
    expect(await throughOf(test)).toBe('2026-03-31')
    await test.program.cancelEarned({ source: 'purchase', once: 'c' })
    expect(await throughOf(test)).toBe('2026-03-31')
  })

  it('X5: the same order again, also on another server, renews once', async () => {
    const twice = { kinds, renewal: { timesPerLot: 2 } }
    const test = await openShop(store, twice)
    const other =
      store === 'memory' ? test : await openTestProgram(store, { url: test.url, time: test.time })
    await Promise.all([test, other, test].map((it) => buy(it, 'large', 100)))
    expect(await throughOf(test)).toBe('2026-08-31')
  })

  it('X5: what has run out is not renewed, however soon after', async () => {
    const test = await openShop(store)
    test.time.now = at('2026-03-01T00:00:00')
    await buy(test, 'large', 100)
    const { nodes } = (await show(test)).wallet.lots
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual(['1-2'])
  })

  it('X5: tasks are the operator’s list, by source and kind', async () => {
    const task = {
      id: 'ring',
      title,
      when: { type: 'act' },
      sources: ['bell'],
      kinds: ['purchase'],
      extend: { term: 'days', days: 3 },
    }
    const test = await openShop(store, { renewal: { windowDays: 9, tasks: [task] } })
    const ring = () =>
      test.program.earn({ source: 'bell', memberId: 'ann', event: { at: test.time.now } })
    test.time.now = at('2026-02-19T12:00:00')
    await ring()
    await buy(test, 'large', 500)
    expect(await throughOf(test)).toBe('2026-02-28')
    test.time.now = at('2026-02-20T00:00:00')
    await ring()
    expect(await throughOf(test)).toBe('2026-03-03')
  })
})

describe('X5: bad settings', () => {
  const task = (more: object) => ({
    id: 't',
    title,
    when: { type: 'order', amount: '1' },
    extend: { term: 'days', days: 3 },
    ...more,
  })
  it.each<[object, string]>([
    [{ windowDays: 0 }, 'renewal.windowDays'],
    [{ windowDays: 61 }, 'renewal.windowDays'],
    [{ timesPerLot: 0 }, 'renewal.timesPerLot'],
    [{ tasks: [task({}), task({})] }, 'renewal.tasks.1.id'],
    [{ tasks: [task({ kinds: ['gone'] })] }, 'renewal.tasks.0.kinds.0'],
    [{ tasks: [task({ sources: ['gone'] })] }, 'renewal.tasks.0.sources.0'],
    [{ tasks: [task({ when: { type: 'act' } })] }, 'renewal.tasks.0.sources'],
    [{ tasks: [task({ when: { type: 'streak', days: 31 } })] }, 'renewal.tasks.0.when.days'],
    [
      { tasks: [task({ when: { type: 'spend', amount: '1.001' } })] },
      'renewal.tasks.0.when.amount',
    ],
    [{ tasks: [task({ extend: { term: 'never' } })] }, 'renewal.tasks.0.extend.term'],
  ])('refuses %j', async (renewal, path) => {
    const test = await openTestProgram('sqlite')
    const document = { renewal }
    const updated = await test.program.policies.update({ document, by: 'rosa' })
    expect(isRefusal(updated)).toBe(false)
    expect(updated).toMatchObject({ faults: [{ path }] })
  })
})
