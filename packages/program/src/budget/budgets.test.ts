import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { dataOf, faultOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { statementsOf, tablesOf } from '../../../../test/support/statements-of.js'
import {
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'

const title = { en: 'x', zh: 'x' }
const window = { title, from: '2026-01-01T00:00:00+08:00', until: '2026-06-01T00:00:00+08:00' }
const BUDGETS = `query ($at: DateTime) { budgets(at: $at) {
  scope id period from until points used left reserve leftForOrdinary } }`

let orders = 0
const buy = (points: number, memberId = 'ann') => ({
  source: 'purchase',
  memberId,
  event: {
    orderId: `o${++orders}`,
    at: MONDAY_NOON,
    lines: [{ id: '1', quantity: points, priceMinor: 100 }],
  },
})
const stepsOf = (answer: Awaited<ReturnType<TestProgram['program']['earn']>>) => {
  assertDone(answer)
  return answer.transaction.explanation.filter(({ step }) => step === 'budget')
}
const pointsOf = async (test: TestProgram, request: ReturnType<typeof buy>) => {
  const answer = await test.program.earn(request)
  assertDone(answer)
  return answer.points
}
async function openShop(store: Parameters<typeof openTestProgram>[0], firstPolicy: object) {
  const test = await openTestProgram(store, { firstPolicy })
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  return test
}
const update = async ({ program }: TestProgram, document: object) => {
  expect(await program.policies.update({ document, by: 'rosa' })).toHaveProperty('updated')
}
const budgetsOf = async (test: TestProgram, at?: string) =>
  (await dataOf(test, BUDGETS, { variables: { at } })).budgets
const ofProgramme = (points: number, more: object = {}) => ({
  budgets: { programme: { period: 'month', points }, reservePercent: 20, ...more },
})

describe.each(availableStores())('E9: budgets on %s', (store) => {
  it('E9: what is beyond it is not granted, and the answer says so', async () => {
    const test = await openShop(store, ofProgramme(100))
    expect(await pointsOf(test, buy(50))).toBe(50)
    const last = await test.program.earn(buy(50, 'bob'))
    assertDone(last)
    // A fifth is kept for campaigns.
    expect(last.points).toBe(30)
    expect(stepsOf(last)).toEqual([
      {
        step: 'budget',
        points: -20,
        figures: { budget: 'ordinary', period: 'M2026-01', limit: 80 },
      },
    ])
    const none = await test.program.earn(buy(7))
    assertDone(none)
    expect(none).toMatchObject({ points: 0, transaction: { type: 'note' } })
    expect(stepsOf(none)).toMatchObject([{ points: -7 }])
    expect(await budgetsOf(test)).toEqual([
      {
        scope: 'PROGRAMME',
        id: null,
        period: '2026-01',
        from: '2025-12-31T16:00:00.000Z',
        until: '2026-01-31T16:00:00.000Z',
        points: 100,
        used: 80,
        left: 20,
        reserve: 20,
        leftForOrdinary: 0,
      },
    ])
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('E9: a period has its own, and the next one begins anew where the programme lives', async () => {
    const test = await openShop(store, ofProgramme(100))
    expect(await pointsOf(test, buy(500))).toBe(80)
    test.time.now = Date.parse('2026-01-31T23:59:59.999+08:00')
    expect(await pointsOf(test, buy(1))).toBe(0)
    test.time.now += 1
    // Told of late, granted in February: February pays.
    expect(await pointsOf(test, buy(500))).toBe(80)
    expect(await budgetsOf(test)).toMatchObject([{ period: '2026-02', used: 80 }])
    expect(await budgetsOf(test, '2026-01-15T00:00:00Z')).toMatchObject([
      { period: '2026-01', used: 80 },
    ])
  })

  it('E9: campaigns have the reserve, a budget of their own, and their department’s', async () => {
    const test = await openShop(store, {
      ...ofProgramme(1_000, { departments: { marketing: { period: 'year', points: 150 } } }),
      campaigns: [
        { ...window, id: 'double', multiplier: '2', department: 'marketing', budget: 90 },
        { ...window, id: 'gift', extraPoints: 40, department: 'marketing' },
      ],
    })
    expect(await pointsOf(test, buy(50))).toBe(50 + 50 + 40)
    const second = await test.program.earn(buy(50))
    assertDone(second)
    // 90 less 50 of its own; and of 150, 90 and 40 are gone.
    expect(second.points).toBe(50 + 40 + 20)
    expect(stepsOf(second)).toMatchObject([
      { points: -10, figures: { budget: 'campaign', id: 'double', limit: 90 } },
      { points: -20, figures: { budget: 'department', id: 'marketing', limit: 150 } },
    ])
    expect(await budgetsOf(test)).toMatchObject([
      { scope: 'PROGRAMME', used: 250, left: 750, leftForOrdinary: 700 },
      { scope: 'DEPARTMENT', id: 'marketing', period: '2026', points: 150, used: 150, left: 0 },
      {
        scope: 'CAMPAIGN',
        id: 'double',
        period: null,
        until: '2026-05-31T16:00:00.000Z',
        points: 90,
        used: 90,
        reserve: null,
        leftForOrdinary: null,
      },
    ])
  })

  it('E9: the reserve is for campaigns alone, and they may have the rest as well', async () => {
    const test = await openShop(store, {
      ...ofProgramme(100),
      campaigns: [{ ...window, id: 'gift', extraPoints: 70, tiers: ['regular'] }],
    })
    expect(await pointsOf(test, buy(10))).toBe(80)
    // 20 are left, and ordinary points may not have more than that either.
    const second = await test.program.earn(buy(30))
    assertDone(second)
    expect(second.points).toBe(20)
    expect(stepsOf(second).map(({ points, figures }) => [points, figures?.budget])).toEqual([
      [-10, 'programme'],
      [-70, 'programme'],
    ])
    expect((await budgetsOf(test))[0]).toMatchObject({ used: 100, left: 0, leftForOrdinary: 0 })
  })

  it('E9: what returns and cancellations take back can be granted again', async () => {
    const test = await openShop(store, ofProgramme(100))
    const first = buy(70)
    assertDone(await test.program.earn(first))
    assertDone(await test.program.earn(buy(70)))
    const taken = { returnId: 'r', lines: [{ line: '1', quantity: 30 }] }
    const name = { source: 'purchase', once: first.event.orderId }
    assertDone(await test.program.returnEarned({ ...name, taken }))
    expect((await budgetsOf(test))[0]).toMatchObject({ used: 50 })
    // The same once more gives nothing back.
    assertDone(await test.program.returnEarned({ ...name, taken }))
    expect(await pointsOf(test, buy(100, 'bob'))).toBe(30)
    assertDone(await test.program.cancelEarned(name))
    assertDone(await test.program.cancelEarned(name))
    expect(await pointsOf(test, buy(100, 'bob'))).toBe(40)
    expect((await budgetsOf(test))[0]).toMatchObject({ used: 80 })
  })

  it('E9: a change holds at once: raised, lowered, taken away', async () => {
    const test = await openShop(store, ofProgramme(100))
    expect(await pointsOf(test, buy(60))).toBe(60)
    await update(test, ofProgramme(50))
    expect(await pointsOf(test, buy(1, 'bob'))).toBe(0)
    expect((await budgetsOf(test))[0]).toMatchObject({ points: 50, used: 60, left: 0 })
    await update(test, ofProgramme(100, { reservePercent: 10 }))
    expect(await pointsOf(test, buy(100, 'bob'))).toBe(30)
    await update(test, {})
    expect(await pointsOf(test, buy(1_000))).toBe(1_000)
    expect(await budgetsOf(test)).toEqual([])
  })

  it('L4: a replay takes nothing from it, nor does what is refused', async () => {
    const test = await openShop(store, ofProgramme(100))
    const order = buy(30)
    await Promise.all([test.program.earn(order), test.program.earn(order)])
    expect(isRefusal(await test.program.earn(buy(30, 'nobody')))).toBe(true)
    expect((await budgetsOf(test))[0]).toMatchObject({ used: 30 })
  })

  it('E8, E9: caps count what was granted', async () => {
    const test = await openShop(store, {
      ...ofProgramme(100),
      caps: { pointsPerDay: { limit: 100 }, ordersPerDay: { limit: 2 } },
    })
    expect(await pointsOf(test, buy(80, 'bob'))).toBe(80)
    expect(await pointsOf(test, buy(60))).toBe(0)
    expect(await pointsOf(test, buy(60))).toBe(0)
    await update(test, {
      ...ofProgramme(1_000),
      caps: { pointsPerDay: { limit: 100 }, ordersPerDay: { limit: 2 } },
    })
    expect(await pointsOf(test, buy(60))).toBe(60)
    expect(await pointsOf(test, buy(60))).toBe(40)
  })

  it('E9: has periods with dates, and none in between', async () => {
    const spans = [
      { from: '2026-01-05T00:00:00+08:00', until: '2026-01-06T00:00:00+08:00', points: 50 },
      { from: '2026-01-07T00:00:00+08:00', until: '2026-01-08T00:00:00+08:00', points: 20 },
    ]
    const test = await openShop(store, {
      budgets: { programme: { period: 'dated', spans } },
    })
    expect(await pointsOf(test, buy(100))).toBe(45)
    test.time.now += DAY_MS
    expect(await pointsOf(test, buy(100))).toBe(100)
    test.time.now += DAY_MS
    expect(await pointsOf(test, buy(100))).toBe(18)
    expect(await budgetsOf(test)).toMatchObject([{ period: null, points: 20, used: 18 }])
  })

  it('E1: names the faults of a bad one', async () => {
    const { program } = await openShop(store, {})
    const from = '2026-01-05T00:00:00+08:00'
    const until = '2026-01-06T00:00:00+08:00'
    const updated = await program.policies.update({
      by: 'rosa',
      document: {
        budgets: {
          programme: { period: 'week', points: 1 },
          reservePercent: 30,
          departments: {
            late: { period: 'dated', spans: [{ from: until, until: from, points: 1 }] },
            twice: {
              period: 'dated',
              spans: [
                { from, until, points: 1 },
                { from, until, points: 2 },
              ],
            },
            less: { period: 'year', points: -1 },
          },
        },
      },
    })
    const paths = 'faults' in updated ? updated.faults?.map(({ path }) => path) : []
    expect(paths).toEqual([
      'budgets.programme.period',
      'budgets.reservePercent',
      'budgets.departments.late.spans.0.until',
      'budgets.departments.twice.spans.1.from',
      'budgets.departments.less.points',
    ])
  })
})

describe.each(availableStores().filter((name) => name !== 'memory'))(
  'A4: what budgets cost to read on %s',
  (store) => {
    it('is one statement, however many there are', async () => {
      const test = await openShop(store, {
        ...ofProgramme(1_000),
        campaigns: Array.from({ length: 12 }, (_, n) => ({ ...window, id: `c${n}`, budget: n })),
      })
      await test.program.earn(buy(5))
      const statements = await statementsOf(test, async () => {
        expect(await budgetsOf(test)).toHaveLength(13)
      })
      expect(tablesOf(statements)).toEqual(['ledger_counter'])
    })

    it('refuses a moment that is none', async () => {
      const test = await openShop(store, {})
      expect(await faultOf(test, BUDGETS, { variables: { at: 'soon' } })).toBeDefined()
    })
  },
)
