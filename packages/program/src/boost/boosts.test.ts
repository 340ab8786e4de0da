import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  HOUR_MS,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, bell, shop } from '../../../../test/support/test-program-plugins.js'
import { budgetRoom } from '../task/budget-room.js'

const title = { en: 'x', zh: 'x' }
const CARD = { memberId: 'ann', factor: '2', days: 3, source: 'coupon', idempotencyKey: 'r-1' }
/** The first instant of Friday: a card of Monday for three days. */
const FRIDAY = Date.parse('2026-01-09T00:00:00+08:00')

async function openShop(
  store: Parameters<typeof openTestProgram>[0],
  firstPolicy: object = {},
  more: object = {},
) {
  const test = await openTestProgram(store, { firstPolicy, plugins: [shop, bell], ...more })
  await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  return test
}

const order = (orderId: string, yuan: number, at: number, memberId = 'ann') => ({
  source: 'purchase',
  memberId,
  event: { orderId, at, lines: [{ id: '1', quantity: 2, priceMinor: yuan * 50 }] },
})
async function buy(test: TestProgram, orderId: string, yuan: number, at = test.time.now) {
  const earned = await test.program.earn(order(orderId, yuan, at))
  assertDone(earned)
  return earned
}
const giveBack = async (test: TestProgram, once: string, quantity: number) => {
  const taken = { returnId: `r${quantity}`, lines: [{ line: '1', quantity }] }
  const back = await test.program.returnEarned({ source: 'purchase', once, taken })
  assertDone(back)
  return back.points
}

describe.each(availableStores())('R9: cards that raise what orders earn, on %s', (store) => {
  it('count for orders made in their time, and tell what they added', async () => {
    const test = await openShop(store)
    const { program, time } = test
    time.now -= HOUR_MS
    const before = time.now
    time.now += HOUR_MS
    expect(await program.boostEarning(CARD)).toEqual({ until: FRIDAY })
    const boosted = await buy(test, 'a', 100)
    expect(boosted.points).toBe(200)
    const told = boosted.transaction.explanation.filter(({ step }) => step !== 'base')
    expect(told.filter(({ points }) => points !== 0)).toEqual([
      { step: 'boost', points: 100, figures: { by: 'coupon', rate: '2', points: 0 } },
    ])
    // It is no campaign of the operator's.
    expect(boosted.transaction.labels).not.toHaveProperty('campaign')
    expect(await buy(test, 'late', 100, before)).toMatchObject({ points: 100 })
    assertDone(await program.earn({ source: 'bell', memberId: 'ann', event: { at: time.now } }))
    time.now = FRIDAY
    expect(await buy(test, 'b', 100)).toMatchObject({ points: 100 })
    expect(await buy(test, 'c', 100, FRIDAY - 1)).toMatchObject({ points: 200 })
    expect((await balanceOf(test, 'ann')).balance.available).toBe(605)
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('are given once, and each giver’s keys are its own', async () => {
    const test = await openShop(store)
    const { program, time } = test
    await program.boostEarning(CARD)
    time.now += DAY_MS
    expect(await program.boostEarning(CARD)).toEqual({ until: FRIDAY })
    expect(await program.boostEarning({ ...CARD, factor: '3' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    })
    expect(await program.boostEarning({ ...CARD, source: 'goods' })).toEqual({
      until: FRIDAY + DAY_MS,
    })
  })

  it.each<[string, object, string]>([
    ['a factor of one', { factor: '1' }, 'factor'],
    ['a factor too large', { factor: '10.1' }, 'factor'],
    ['no days', { days: 0 }, 'days'],
    ['no orders', { orders: 0 }, 'orders'],
    ['no sources', { sources: [] }, 'sources'],
    ['a source that has no name', { sources: ['a', ''] }, 'sources.1'],
    ['nobody', { memberId: 'eve' }, 'memberId'],
    ['no key', { idempotencyKey: '' }, 'idempotencyKey'],
  ])('refuse %s', async (_, more, field) => {
    const test = await openShop(store)
    const refused = await test.program.boostEarning({ ...CARD, ...more })
    expect(refused).toMatchObject({ refused: true, figures: { field } })
    expect(await buy(test, 'a', 100)).toMatchObject({ points: 100 })
  })

  it('for the next order alone; one that comes back gives it back', async () => {
    const test = await openShop(store)
    const { program } = test
    await program.boostEarning({ ...CARD, orders: 1 })
    const preview = await program.preview(order('a', 100, test.time.now))
    expect(preview).toMatchObject({ points: 200 })
    // Nothing earned, nothing used up.
    expect(await buy(test, 'nothing', 0)).toMatchObject({ points: 0 })
    expect(await buy(test, 'a', 100)).toMatchObject({ points: 200 })
    expect(await buy(test, 'a', 100)).toMatchObject({ points: 200, replayed: true })
    expect(await buy(test, 'b', 100)).toMatchObject({ points: 100 })
    expect(await giveBack(test, 'a', 1)).toBe(-100)
    expect(await buy(test, 'c', 100)).toMatchObject({ points: 100 })
    assertDone(await program.cancelEarned({ source: 'purchase', once: 'a' }))
    expect(await buy(test, 'd', 50)).toMatchObject({ points: 100 })
    expect(await buy(test, 'e', 50)).toMatchObject({ points: 50 })
    expect(await giveBack(test, 'd', 2)).toBe(-100)
    expect(await buy(test, 'f', 50)).toMatchObject({ points: 100 })
  })

  it('of two at once exactly one order has it', async () => {
    const test = await openShop(store)
    await test.program.boostEarning({ ...CARD, orders: 1 })
    const names = Array.from({ length: 8 }, (_, n) => `o${n}`)
    const earned = await Promise.all(names.map((name) => buy(test, name, 10)))
    expect(earned.map(({ points }) => points).sort((a, b) => a - b)).toEqual([
      ...Array.from({ length: 7 }, () => 10),
      20,
    ])
  })

  it('for named sources only, if the card says so', async () => {
    const test = await openShop(store, {}, { plugins: [shop, stars] })
    await test.program.boostEarning({ ...CARD, sources: ['stars'] })
    expect(await buy(test, 'a', 100)).toMatchObject({ points: 100 })
    const event = { at: test.time.now }
    const earned = await test.program.earn({ source: 'stars', memberId: 'ann', event })
    expect(earned).toMatchObject({ points: 14 })
  })

  it('multiply with campaigns; what caps leave is the campaign’s before it is theirs', async () => {
    const double = {
      title,
      id: 'double',
      from: '2026-01-01T00:00:00+08:00',
      until: '2026-02-01T00:00:00+08:00',
      multiplier: '2',
      kind: 'campaign',
    }
    const test = await openShop(store, {
      campaigns: [double],
      caps: { pointsPerDay: { limit: 300 } },
    })
    await test.program.boostEarning(CARD)
    const earned = await buy(test, 'a', 100)
    expect(earned.points).toBe(300)
    const lots = await dataOf(
      test,
      '{ member(id: "ann") { wallet { lots(first: 5) { nodes { kind available } } } } }',
    )
    const kinds = lots.member.wallet.lots.nodes.map(({ kind, available }: Lot) => [kind, available])
    expect(Object.fromEntries(kinds)).toEqual({ purchase: 200, campaign: 100 })
    expect(earned.transaction.labels).toMatchObject({ campaign: 'double' })
    // 50 × 2 × 2 stand of it.
    expect(await giveBack(test, 'a', 1)).toBe(-100)
  })

  it('are paid for by the budget of what is earned anyway', async () => {
    const budgets = { programme: { period: 'month', points: 1_000 }, reservePercent: 20 }
    const test = await openShop(store, { budgets })
    await test.program.boostEarning({ ...CARD, factor: '10' })
    const earned = await buy(test, 'a', 100)
    expect(earned.points).toBe(800)
    const query = '{ budgets { scope used left leftForOrdinary } }'
    expect((await dataOf(test, query)).budgets).toEqual([
      { scope: 'PROGRAMME', used: 800, left: 200, leftForOrdinary: 0 },
    ])
  })

  it('M8: of both members count for the one they are', async () => {
    const test = await openShop(store)
    const { program, time } = test
    await program.boostEarning({ ...CARD, factor: '3', orders: 1 })
    await program.boostEarning({ ...CARD, memberId: 'bob', factor: '1.5' })
    expect(await buy(test, 'a', 100)).toMatchObject({ points: 300 })
    const merge = `mutation { mergeMembers(input: { from: "ann", into: "bob", reason: "one person",
      idempotencyKey: "m" }) { __typename } }`
    expect((await dataOf(test, merge)).mergeMembers.__typename).toBe('MemberMerge')
    // The same card once more is the same card.
    const again = { ...CARD, factor: '1.5' }
    expect(await program.boostEarning(again)).toEqual({ until: FRIDAY })
    expect(await buy(test, 'b', 100)).toMatchObject({ points: 150 })
    assertDone(await program.cancelEarned({ source: 'purchase', once: 'a' }))
    expect(await buy(test, 'c', 100)).toMatchObject({ points: 300 })
    time.now = FRIDAY
    expect(await buy(test, 'd', 100)).toMatchObject({ points: 100 })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })
})

interface Lot {
  kind: string
  available: number
}

/** A star a day, as many as campaigns make of seven. */
const stars: typeof bell = {
  ...bell,
  id: 'stars',
  decide: (context) => {
    const decided = shop.decide({
      ...context,
      event: {
        orderId: 's',
        at: context.event.at,
        lines: [{ id: '1', quantity: 1, priceMinor: 700 }],
        confirmed: true,
      },
      settings: { minorPerPoint: 100, confirmAfterMs: null, claimMs: null },
    } as never)
    if (isRefusal(decided)) return decided
    const { qualifyingMinor: _, memory: __, ...rest } = decided
    return rest
  },
}

it('R9, E14: what a card adds does not use what a budget keeps for campaigns', () => {
  const state = { scope: 'programme', id: null, period: null, from: 0, until: 1, used: 0 } as const
  const states = [{ ...state, points: 1_000, left: 1_000, reserve: 200, leftForOrdinary: 800 }]
  const room = (id: string) =>
    budgetRoom(states, {
      campaigns: [{ id }],
      document: { campaigns: [{ id: 'double', department: null }] as never },
    })
  expect(room('boost:coupon')).toEqual({ points: 800, againAt: null })
  expect(room('double')).toEqual({ points: 1_000, againAt: null })
})

describe('R9: several cards at once', () => {
  /** Cards, orders late and in time, and orders that go back, by a list of cards kept by hand. */
  it('the strongest counts, by the time of the order, and each for no more orders than it says', async () => {
    const act = fc.oneof(
      fc.record({
        kind: fc.constant('card' as const),
        tenths: fc.integer({ min: 11, max: 40 }),
        days: fc.integer({ min: 1, max: 4 }),
        orders: fc.option(fc.integer({ min: 1, max: 2 })),
      }),
      fc.record({
        kind: fc.constant('buy' as const),
        yuan: fc.integer({ min: 1, max: 300 }),
        hoursAgo: fc.integer({ min: 0, max: 60 }),
      }),
      fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 50 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const test = await openShop('memory')
        const cards: {
          tenths: number
          from: number
          until: number
          left: number
          isBounded: boolean
        }[] = []
        const orders: { name: string; points: number; card: (typeof cards)[number] | null }[] = []
        for (const [n, it] of acts.entries()) {
          const { now } = test.time
          if (it.kind === 'wait') test.time.now += it.hours * HOUR_MS
          if (it.kind === 'card') {
            const card = { ...CARD, factor: `${it.tenths / 10}`, idempotencyKey: `k${n}` }
            assertDone(
              await test.program.boostEarning({ ...card, days: it.days, orders: it.orders }),
            )
            // Days begin at 16:00 UTC there.
            const today = Math.floor((now + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS
            cards.push({
              tenths: it.tenths,
              from: now,
              until: today + (it.days + 1) * DAY_MS,
              left: it.orders ?? Infinity,
              isBounded: it.orders !== null,
            })
          }
          if (it.kind === 'buy') {
            const at = now - it.hoursAgo * HOUR_MS
            const [best = null] = cards
              .filter(({ from, until, left }) => from <= at && at < until && left > 0)
              .sort(
                (a, b) =>
                  b.tenths - a.tenths ||
                  Number(a.isBounded) - Number(b.isBounded) ||
                  a.until - b.until,
              )
            const points = best ? Math.floor((it.yuan * best.tenths) / 10) : it.yuan
            if (best) best.left -= 1
            expect(await buy(test, `o${n}`, it.yuan, at)).toMatchObject({ points })
            orders.push({ name: `o${n}`, points, card: best })
          }
          if (it.kind === 'cancel' && orders.length > 0) {
            const [gone] = orders.splice(it.which % orders.length, 1)
            assertDone(await test.program.cancelEarned({ source: 'purchase', once: gone!.name }))
            if (gone!.card) gone!.card.left += 1
          }
        }
        const sum = orders.reduce((all, { points }) => all + points, 0)
        expect((await balanceOf(test, 'ann')).balance.available).toBe(sum)
      }),
      { numRuns: 40 },
    )
  })
})
