import { CommitUnknown, isRefusal, LedgerOverloaded } from '@pointwell/ledger'
import { defineEarnSource, grant, type PluginFault, points, step } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, bell, shop } from '../../../../test/support/test-program-plugins.js'

const order = (orderId: string, priceMinor: number, more: object = {}) => ({
  orderId,
  at: MONDAY_NOON,
  lines: [{ id: '1', quantity: 1, priceMinor }],
  ...more,
})
const buy = (memberId: string, event: object) => ({ source: 'purchase', memberId, event })

async function withMember(
  store: Parameters<typeof openTestProgram>[0],
  options?: Parameters<typeof openTestProgram>[1],
) {
  const test = await openTestProgram(store, options)
  await test.program.members.register({ id: 'ann' })
  return test
}

/** What is core for some, and ends when it says. */
const mixed = defineEarnSource({
  id: 'mixed',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Mixed', zh: '混合' },
  core: false,
  settings: z.object({}),
  event: z.strictObject({ id: z.string(), core: z.boolean().optional() }),
  scope: 'programme',
  once: ({ event }) => event.id,
  decide: ({ event: { core }, now }) =>
    grant({
      points: 3,
      because: [step('base', 3)],
      at: now,
      pending: { confirmAt: null },
      ...(core !== undefined && { core, expiry: { term: 'days' as const, days: 1 } }),
    }),
})

/** An act of the member that another system names. */
const habit = defineEarnSource({
  id: 'habit',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Habit', zh: '习惯' },
  core: false,
  settings: z.object({}),
  event: z.strictObject({ id: z.string() }),
  scope: 'member',
  once: ({ event }) => event.id,
  decide: ({ now }) => grant({ points: 3, because: [step('base', 3)], at: now }),
})

const policy = async ({ program }: TestProgram, document: object) => {
  const updated = await program.policies.update({ document, by: 'test' })
  expect(updated).toHaveProperty('updated')
}

describe.each(availableStores())('earning on %s', (store) => {
  it('E2: grants what the source decided, and explains it', async () => {
    const test = await withMember(store)
    const earned = await test.program.earn(buy('ann', order('o1', 123_45)))
    assertDone(earned)
    expect(earned).toMatchObject({ points: 123, once: 'o1', memberId: 'ann', replayed: false })
    expect(earned.details).toEqual({ minor: 123_45 })
    expect(earned.transaction).toMatchObject({
      type: 'grant',
      reason: 'purchase',
      policyVersion: 1,
      effectiveAt: MONDAY_NOON,
      explanation: [
        { step: 'base', points: 123 },
        { step: 'tier', points: 0 },
      ],
    })
    expect((await balanceOf(test, 'ann')).balance.available).toBe(123)
  })

  it('L4: an order sent again is the same order; with other content it names the field', async () => {
    const test = await withMember(store)
    await test.program.members.register({ id: 'bob' })
    const first = await test.program.earn(buy('ann', order('o1', 100_00)))
    const again = await test.program.earn(buy('ann', order('o1', 100_00)))
    assertDone(first)
    expect(again).toMatchObject({ replayed: true, points: 100, details: { minor: 100_00 } })
    const changed = {
      ...order('o1', 100_00),
      lines: [{ id: '1', quantity: 2, priceMinor: 100_00 }],
    }
    expect(await test.program.earn(buy('ann', changed))).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      figures: { field: 'lines.0.quantity' },
    })
    expect(await test.program.earn(buy('bob', changed))).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      figures: { field: 'memberId' },
    })
    expect((await balanceOf(test, 'ann')).balance.available).toBe(100)
  })

  it('L4: an act of a member is each member’s own', async () => {
    const test = await withMember(store)
    await test.program.members.register({ id: 'bob' })
    const ring = (memberId: string, at: number) =>
      test.program.earn({ source: 'bell', memberId, event: { at } })
    expect(await ring('ann', MONDAY_NOON)).toMatchObject({ points: 5, once: '2026-01-05' })
    expect(await ring('bob', MONDAY_NOON)).toMatchObject({ points: 5, replayed: false })
    test.time.now += DAY_MS
    // Its memory moved with the posting.
    expect(await ring('ann', MONDAY_NOON + DAY_MS)).toMatchObject({ points: 6 })
    // Once more later the same day: the same act, whenever it was.
    test.time.now += HOUR_MS
    expect(await ring('ann', test.time.now)).toMatchObject({ points: 6, replayed: true })
  })

  it('L4: names are kept apart, wherever their slashes are', async () => {
    const test = await withMember(store, { plugins: [shop, habit] })
    await test.program.members.registerMany([{ id: 'bob' }, { id: 'ann/x' }])
    await test.program.earn(buy('ann', order('2026', 100_00)))
    await test.program.earn(buy('bob', order('2026/1', 70_00)))
    const back = (once: string, returnId: string) =>
      test.program.returnEarned({
        source: 'purchase',
        once,
        taken: { returnId, lines: [{ line: '1', quantity: 1 }] },
      })
    expect(await back('2026', '1/r')).toMatchObject({ points: -100, replayed: false })
    expect(await back('2026/1', 'r')).toMatchObject({ points: -70, replayed: false })
    for (const memberId of ['ann', 'bob']) {
      expect((await balanceOf(test, memberId)).balance).toMatchObject({ available: 0, debt: 0 })
    }
    const act = (memberId: string, id: string) =>
      test.program.earn({ source: 'habit', memberId, event: { id } })
    expect(await act('ann', 'x/y')).toMatchObject({ points: 3, memberId: 'ann' })
    expect(await act('ann/x', 'y')).toMatchObject({ points: 3, memberId: 'ann/x', replayed: false })
  })

  it('L4: long names are kept apart too, and cut between characters', async () => {
    const test = await withMember(store, { plugins: [shop, habit] })
    const [odd, even] = ['m'.repeat(63), 'm'.repeat(64)] as const
    await test.program.members.registerMany([{ id: odd }, { id: even }])
    const act = (memberId: string, id: string) =>
      test.program.earn({ source: 'habit', memberId, event: { id } })
    for (const memberId of [odd, even]) {
      expect(await act(memberId, '🍵'.repeat(64))).toMatchObject({ points: 3, replayed: false })
      expect(await act(memberId, '🍵'.repeat(64))).toMatchObject({ points: 3, replayed: true })
    }
    // A name that is what another one was cut to, which anybody can work out.
    const long = 'x'.repeat(128)
    expect(await act(even, long)).toMatchObject({ points: 3, replayed: false })
    const { wallet } = (await test.program.members.find(even))!
    const [newest] = await test.ledger.store.findTransactions(wallet, { before: null, limit: 1 })
    const cut = newest!.key.slice('earn:habit:'.length + even.length + 1)
    expect(cut.length).toBeLessThan(128)
    expect(await act(even, cut)).toMatchObject({ points: 3, replayed: false })
  })

  it('E13: a batch gives each its own result', async () => {
    const test = await withMember(store)
    const results = await test.program.earnMany([
      buy('ann', order('o1', 100_00)),
      buy('nobody', order('o2', 100_00)),
      buy('ann', order('o3', -1)),
      { source: 'broken', memberId: 'ann', event: { id: 'x', how: 'throws' } },
      buy('ann', order('o1', 100_00)),
      buy('ann', order('o4', 50_00)),
    ])
    expect(results.map((it) => (isRefusal(it) ? it.code : it.points))).toEqual([
      100,
      'MEMBER_NOT_FOUND',
      'INVALID_INPUT',
      'PLUGIN_FAILED',
      100,
      50,
    ])
    expect(results[2]).toMatchObject({ figures: { field: 'lines.0.priceMinor' } })
    expect((await balanceOf(test, 'ann')).balance.available).toBe(150)
  })

  it('E13: what befalls one of many hides nothing that came of the others', async () => {
    const told: string[] = []
    const test = await withMember(store, {
      onFailure: (what, fault) => told.push(`${what}: ${(fault as Error).message}`),
    })
    const { post } = test.ledger
    const faults: Record<string, Error> = {
      o2: new LedgerOverloaded('full'),
      o3: new CommitUnknown('the connection was lost'),
      o4: new Error('a mistake of ours'),
    }
    let ill = true
    test.ledger.post = async (command) => {
      const fault = ill && faults[command.key.split(':')[2]!.slice(0, 2)]
      if (fault) throw fault
      return post(command)
    }
    const asked = ['o1', 'o2', 'o3', 'o4', 'o5']
    const waiting = { confirmed: false }
    const acts = {
      earn: () => test.program.earnMany(asked.map((id) => buy('ann', order(id, 100_00, waiting)))),
      confirm: () =>
        test.program.confirmEarnedMany(asked.map((once) => ({ source: 'purchase', once }))),
      return: () =>
        test.program.returnEarnedMany(
          asked.map((once) => ({
            source: 'purchase',
            once,
            taken: { returnId: 'r', lines: [{ line: '1', quantity: 1 }] },
          })),
        ),
    }
    for (const [name, act] of Object.entries(acts)) {
      const points = name === 'return' ? -100 : 100
      ill = true
      expect(await act()).toMatchObject([
        { points, replayed: false },
        { code: 'TRY_AGAIN_LATER' },
        { code: 'OUTCOME_UNKNOWN' },
        { code: 'OUTCOME_UNKNOWN' },
        { points, replayed: false },
      ])
      expect(told.splice(0).sort()).toEqual([
        'earning: a mistake of ours',
        'earning: the connection was lost',
      ])
      ill = false
      const again = await act()
      expect(again.map((it) => !isRefusal(it) && it.replayed)).toEqual([
        true,
        false,
        false,
        false,
        true,
      ])
    }
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 0, debt: 0 })
  })

  it('refuses what happened too long ago or has not happened yet, but replays what went in', async () => {
    const test = await withMember(store)
    await policy(test, { events: { maxAgeDays: 30, maxFutureMinutes: 10 } })
    const at = (when: number) => test.program.earn(buy('ann', order(`o${when}`, 100, { at: when })))
    const oldest = Date.parse('2025-12-06T00:00:00+08:00')
    expect(await at(oldest - 1)).toMatchObject({ code: 'EVENT_TOO_OLD', figures: { when: oldest } })
    expect(await at(oldest)).toMatchObject({ points: 1 })
    expect(await at(MONDAY_NOON + 600_001)).toMatchObject({
      code: 'EVENT_IN_FUTURE',
      figures: { when: MONDAY_NOON + 1 },
    })
    expect(await at(MONDAY_NOON + 600_000)).toMatchObject({ points: 1 })
    test.time.now += 90 * DAY_MS
    expect(await at(oldest)).toMatchObject({ points: 1, replayed: true })
  })

  it('E8: caps hold, are shown, and go back with a return', async () => {
    const test = await withMember(store)
    await policy(test, {
      caps: { pointsPerDay: { limit: 150 }, ordersPerDay: { limit: 2 } },
    })
    const earn = (id: string, minor: number) => test.program.earn(buy('ann', order(id, minor)))
    expect(await earn('o1', 100_00)).toMatchObject({ points: 100 })
    const cut = await earn('o2', 100_00)
    assertDone(cut)
    expect(cut.points).toBe(50)
    expect(cut.transaction.explanation.at(-1)).toEqual({
      step: 'cap',
      points: -50,
      figures: { cap: 'points', period: 'day', limit: 150, used: 100 },
    })
    const third = await earn('o3', 100_00)
    expect(third).toMatchObject({ points: 0, transaction: { type: 'note' } })

    const cancelled = await test.program.cancelEarned({ source: 'purchase', once: 'o1' })
    expect(cancelled).toMatchObject({ points: -100 })
    expect(await earn('o4', 300_00)).toMatchObject({ points: 100 })
    // Tomorrow is another day.
    test.time.now += DAY_MS
    expect(
      await test.program.earn(buy('ann', order('o5', 300_00, { at: test.time.now }))),
    ).toMatchObject({ points: 150 })
  })

  it('E8: caps hold when everything comes at once', async () => {
    const test = await withMember(store)
    await policy(test, { caps: { pointsPerDay: { limit: 1_000 } } })
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, n) => test.program.earn(buy('ann', order(`o${n}`, 70_00)))),
    )
    const granted = all.reduce((sum, it) => sum + (isRefusal(it) ? 0 : it.points), 0)
    expect(granted).toBe(1_000)
    expect((await balanceOf(test, 'ann')).balance.available).toBe(1_000)
  })

  it('M3: the tier counts from the next order on, by what was spent', async () => {
    const test = await withMember(store)
    expect(await test.program.earn(buy('ann', order('o1', 5_000_00)))).toMatchObject({
      points: 5_000,
    })
    expect(await test.program.earn(buy('ann', order('o2', 100_00)))).toMatchObject({ points: 120 })
    await test.program.cancelEarned({ source: 'purchase', once: 'o1' })
    expect(await test.program.earn(buy('ann', order('o3', 100_00)))).toMatchObject({ points: 100 })
  })

  it('X1, X3: points end with their term, those of gold never', async () => {
    const test = await withMember(store)
    await test.program.earn(buy('ann', order('o1', 20_000_00)))
    await test.program.earn(buy('ann', order('o2', 100_00)))
    const { id, lastLot } = await balanceOf(test, 'ann')
    expect(lastLot).toBe(2)
    const lots = await test.ledger.store.findLots([id], { open: true })
    const ends = lots.map(({ lot }) => lot.expiresAt).sort()
    // 12 months from 2026-01-05: through 2027-01-31.
    expect(ends).toEqual([Date.parse('2027-02-01T00:00:00+08:00'), null])
  })

  it('E2: pending points wait for the confirmation, or for their time', async () => {
    const test = await withMember(store)
    await policy(test, { sources: { purchase: { settings: { confirmAfterMs: 7 * DAY_MS } } } })
    const waiting = { confirmed: false }
    await test.program.earn(buy('ann', order('o1', 6_000_00, waiting)))
    await test.program.earn(buy('ann', order('o2', 50_00, waiting)))
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ pending: 6_050, available: 0 })
    expect(await test.program.findEarned({ source: 'purchase', once: 'o1' })).toMatchObject({
      status: 'pending',
      granted: 6_000,
    })

    const confirmed = await test.program.confirmEarned({ source: 'purchase', once: 'o1' })
    expect(confirmed).toMatchObject({ points: 6_000, memberId: 'ann', once: 'o1' })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ pending: 50, available: 6_000 })
    // Its spend counts from here on: silver.
    expect(await test.program.earn(buy('ann', order('o3', 100_00)))).toMatchObject({ points: 120 })
    const again = await test.program.confirmEarned({ source: 'purchase', once: 'o1' })
    expect(again).toMatchObject({ replayed: true })

    test.time.now += 7 * DAY_MS
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ pending: 0, available: 6_170 })
    expect(await test.program.findEarned({ source: 'purchase', once: 'o2' })).toMatchObject({
      status: 'confirmed',
    })
    // What confirmed by itself can still be reported.
    const late = await test.program.confirmEarned({ source: 'purchase', once: 'o2' })
    expect(late).toMatchObject({ points: 0, transaction: { type: 'note' } })
  })

  it('E2: claimable points are the member’s once claimed, and void after their time', async () => {
    const test = await withMember(store)
    await policy(test, { sources: { purchase: { settings: { claimMs: 7 * DAY_MS } } } })
    await test.program.earn(buy('ann', order('o1', 100_00)))
    await test.program.earn(buy('ann', order('o2', 30_00)))
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ claimable: 130, available: 0 })
    expect(await test.program.claim({ memberId: 'ann', lots: [1] })).toMatchObject({ points: 100 })
    expect(await test.program.claim({ memberId: 'ann', lots: [9] })).toMatchObject({
      code: 'LOT_NOT_FOUND',
    })
    test.time.now += 7 * DAY_MS
    expect(await test.program.claim({ memberId: 'ann', lots: null })).toMatchObject({
      code: 'LOT_NOT_CLAIMABLE',
    })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ claimable: 0, available: 100 })
  })

  it('L5: takes back part by part, never twice, and says no to more than was bought', async () => {
    const test = await withMember(store)
    const lines = [
      { id: 'a', quantity: 2, priceMinor: 10_50 },
      { id: 'b', quantity: 1, priceMinor: 99 },
    ]
    await test.program.earn(buy('ann', order('o1', 0, { lines })))
    const back = (returnId: string, line: string, quantity: number) =>
      test.program.returnEarned({
        source: 'purchase',
        once: 'o1',
        taken: { returnId, lines: [{ line, quantity }] },
      })
    // 21.99 → 21 points; without one `a`: 11.49 → 11.
    expect(await back('r1', 'a', 1)).toMatchObject({
      points: -10,
      transaction: { type: 'clawback' },
    })
    expect(await back('r1', 'a', 1)).toMatchObject({ points: -10, replayed: true })
    expect(await back('r1', 'a', 2)).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      figures: { field: 'lines.0.quantity' },
    })
    expect(await back('r2', 'a', 2)).toMatchObject({ code: 'TOO_MUCH' })
    // 10.50 → 10: the last 99 fen were worth one point in sum.
    expect(await back('r2', 'b', 1)).toMatchObject({ points: -1 })
    expect(await back('r3', 'a', 1)).toMatchObject({ points: -10 })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 0, debt: 0 })
    const found = await test.program.findEarned({ source: 'purchase', once: 'o1' })
    expect(found).toMatchObject({ granted: 21, standing: 0, status: 'confirmed' })
    expect(found?.returns).toHaveLength(3)
    const names = (await test.ledger.store.findNewestTransactions([1], 1))[0]
    expect(names?.corrects).toBe('1-1')
  })

  it('L5: nothing comes back before it was bought, or in the future', async () => {
    const test = await withMember(store)
    await test.program.earn(buy('ann', order('o1', 300_00)))
    const back = (returnId: string, at: number) =>
      test.program.returnEarned({
        source: 'purchase',
        once: 'o1',
        taken: { returnId, at, lines: [{ line: '1', quantity: 1 }] },
      })
    expect(await back('r1', MONDAY_NOON + 86_400_000)).toMatchObject({
      code: 'EVENT_IN_FUTURE',
      figures: { field: 'at' },
    })
    expect(await back('r1', Date.UTC(1999, 0, 1))).toMatchObject({
      points: -300,
      transaction: { effectiveAt: MONDAY_NOON },
    })
  })

  it('L5: a cancelled order is over', async () => {
    const test = await withMember(store)
    await test.program.earn(buy('ann', order('o1', 100_00, { confirmed: false })))
    const name = { source: 'purchase', once: 'o1' }
    expect(await test.program.cancelEarned({ ...name })).toMatchObject({
      points: -100,
      transaction: { type: 'void' },
    })
    expect(await test.program.cancelEarned({ ...name })).toMatchObject({ replayed: true })
    expect(await test.program.confirmEarned(name)).toMatchObject({ code: 'ORDER_CANCELLED' })
    const taken = { returnId: 'r1', lines: [{ line: '1', quantity: 1 }] }
    expect(await test.program.returnEarned({ ...name, taken })).toMatchObject({
      code: 'ORDER_CANCELLED',
    })
    expect(await test.program.findEarned(name)).toMatchObject({ status: 'cancelled', standing: 0 })
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ pending: 0, available: 0 })
  })

  it('L5: recounts by the policy, the tier and the room of that time', async () => {
    const test = await withMember(store)
    await policy(test, { caps: { pointsPerDay: { limit: 150 } } })
    const lines = [
      { id: 'a', quantity: 1, priceMinor: 100_00 },
      { id: 'b', quantity: 1, priceMinor: 100_00 },
    ]
    await test.program.earn(buy('ann', order('o1', 0, { lines })))
    await policy(test, { sources: { purchase: { settings: { minorPerPoint: 1 } } } })
    await test.program.earn(buy('ann', order('o2', 30_000_00)))
    const taken = (returnId: string, line: string) => ({
      source: 'purchase',
      once: 'o1',
      taken: { returnId, lines: [{ line, quantity: 1 }] },
    })
    // 200 cut to 150; 100 are left of it: not 150, and not what today's rate or gold would say.
    expect(await test.program.returnEarned(taken('r1', 'a'))).toMatchObject({ points: -50 })
    expect(await test.program.returnEarned(taken('r2', 'b'))).toMatchObject({ points: -100 })
  })

  it('A4: reads many orders side by side in one statement, and each once', async () => {
    const test = await withMember(store)
    const ids = Array.from({ length: 40 }, (_, n) => `o${n}`)
    await test.program.earnMany(
      ids.map((id) => buy('ann', order(id, 100_00, { confirmed: false }))),
    )
    const { store: records } = test.ledger
    const real = { one: records.findRecord, many: records.findRecords }
    const reads: number[] = []
    records.findRecord = (id) => {
      reads.push(1)
      return real.one(id)
    }
    records.findRecords = (names) => {
      reads.push(names.length)
      return real.many(names)
    }
    const names = [...ids, 'o99'].map((once) => ({ source: 'purchase', once }))
    const found = await Promise.all(names.map((name) => test.program.findEarned(name)))
    expect(found.map((it) => it?.once)).toEqual([...ids, undefined])
    expect(reads.splice(0)).toEqual([41])
    const confirmed = await test.program.confirmEarnedMany(names)
    expect(confirmed.filter(isRefusal)).toMatchObject([{ code: 'ORDER_NOT_FOUND' }])
    expect(reads).toEqual([41])
  })

  it('E7, X1: a grant may say whether it is core and how long it lasts, and stays so to its end', async () => {
    const test = await withMember(store, { plugins: [mixed] })
    const told = async (id: string, core?: boolean) => {
      const name = { source: 'mixed', once: id }
      const event = core === undefined ? { id } : { id, core }
      const done = [
        await test.program.earn({ source: 'mixed', memberId: 'ann', event }),
        await test.program.confirmEarned(name),
        await test.program.cancelEarned(name),
      ]
      return done.map((it) => {
        assertDone(it)
        return it.transaction.labels
      })
    }
    const labels = { source: 'mixed', tier: 'regular' }
    expect(await told('a')).toEqual([labels, labels, labels])
    for (const core of [true, false]) {
      const all = { ...labels, core: String(core) }
      expect(await told(`b-${core}`, core)).toEqual([all, all, all])
    }
    const { id } = await balanceOf(test, 'ann')
    const lots = await test.ledger.store.findLots([id], { open: false })
    const ends = lots.map(({ lot }) => [lot.ref, lot.expiresAt])
    const ofKind = Date.parse('2026-05-01T00:00:00+08:00')
    const own = Date.parse('2026-01-07T00:00:00+08:00')
    expect(ends.toSorted()).toEqual([
      ['a', ofKind],
      ['b-false', own],
      ['b-true', own],
    ])
  })

  it('E14: tells what a source remembers of a member', async () => {
    const test = await withMember(store)
    const memory = (memberId: string) => test.program.remembered({ source: 'bell', memberId })
    expect(await memory('nobody')).toBeNull()
    expect(await memory('ann')).toEqual({ rung: 0, lastDay: null })
    await test.program.earn({ source: 'bell', memberId: 'ann', event: { at: MONDAY_NOON } })
    expect(await memory('ann')).toEqual({ rung: 1, lastDay: '2026-01-05' })
    await expect(test.program.remembered({ source: 'gone', memberId: 'ann' })).rejects.toThrow(
      'no earn source gone',
    )
  })

  it('knows nothing of orders that are not there, or are another member’s', async () => {
    const test = await withMember(store)
    await test.program.members.register({ id: 'bob' })
    await test.program.earn(buy('ann', order('o1', 100_00)))
    const missing = { source: 'purchase', once: 'o9' }
    expect(await test.program.confirmEarned(missing)).toMatchObject({ code: 'ORDER_NOT_FOUND' })
    expect(await test.program.findEarned(missing)).toBeNull()
    expect(
      await test.program.findEarned({ source: 'purchase', once: 'o1', memberId: 'bob' }),
    ).toBeNull()
    expect(
      await test.program.cancelEarned({ source: 'purchase', once: 'o1', memberId: 'bob' }),
    ).toMatchObject({ code: 'ORDER_NOT_FOUND' })
  })

  it('G4: a broken source harms its own request and is reported', async () => {
    const faults: PluginFault[] = []
    const test = await withMember(store, { onPluginFault: (fault) => faults.push(fault) })
    const run = (how: string) =>
      test.program.earn({ source: 'broken', memberId: 'ann', event: { id: how, how } })
    const answers = await Promise.all([
      run('throws'),
      run('nonsense'),
      run('kind'),
      test.program.earn(buy('ann', order('o1', 100_00))),
    ])
    const failed = { code: 'PLUGIN_FAILED' }
    expect(answers).toMatchObject([failed, failed, failed, { points: 100 }])
    expect(faults.every(({ plugin }) => plugin === 'broken')).toBe(true)
    // Whoever asked is told that the operator knows: so each of them was reported.
    expect(faults.map(({ message }) => message).sort()).toEqual([
      expect.stringContaining('it threw Error: out of order'),
      expect.stringContaining('it would grant -1 points'),
      expect.stringContaining('points of the kind gone'),
    ])
    expect((await balanceOf(test, 'ann')).version).toBe(1)
  })

  it('G4: a source that never ends is broken off, and named', async () => {
    const faults: PluginFault[] = []
    const test = await withMember(store, { onPluginFault: (fault) => faults.push(fault) })
    const run = (how: string) => ({ source: 'broken', memberId: 'ann', event: { id: how, how } })
    const answers = await test.program.earnMany([
      run('hangs'),
      run('hangs early'),
      run('hangs first'),
      buy('ann', order('o1', 100_00)),
    ])
    expect(answers).toMatchObject([
      { code: 'PLUGIN_FAILED' },
      { code: 'PLUGIN_FAILED' },
      { code: 'PLUGIN_FAILED' },
      { points: 100 },
    ])
    const named = faults.filter(({ reason }) => reason === 'timed-out')
    expect(named.map(({ plugin, operation }) => `${plugin} ${operation}`).sort()).toEqual([
      'broken decide',
      'broken event',
      'broken once',
    ])
  })

  it('G4: a schema that throws harms its own event, and is named', async () => {
    const faults: PluginFault[] = []
    const test = await withMember(store, { onPluginFault: (fault) => faults.push(fault) })
    const answers = await test.program.earnMany([
      { source: 'broken', memberId: 'ann', event: { id: 'x', how: 'throws early' } },
      buy('ann', order('o1', 100_00)),
    ])
    expect(answers).toMatchObject([{ code: 'PLUGIN_FAILED' }, { points: 100 }])
    expect(faults).toMatchObject([{ plugin: 'broken', operation: 'event', reason: 'threw' }])
  })

  it('G4: a memory that its own source no longer takes is told of, and can be brought along', async () => {
    const test = await withMember(store)
    const ring = (at: number) => ({ source: 'bell', memberId: 'ann', event: { at } })
    expect(await test.program.earnMany([ring(MONDAY_NOON)])).toMatchObject([{ points: 5 }])
    // In its next version the bell counts in another field.
    const version = (memory: z.ZodType) => ({ ...bell, memory }) as typeof bell
    const counted = z.strictObject({ rung: points().default(0), lastDay: z.null().default(null) })

    const time = { now: MONDAY_NOON + DAY_MS }
    const faults: PluginFault[] = []
    const tightened = await openTestProgram(store, {
      url: test.url,
      time,
      plugins: [version(counted), shop],
      onPluginFault: (fault) => faults.push(fault),
    })
    if (store === 'memory') return // It forgets, as a memory does.
    expect(
      await tightened.program.earnMany([ring(time.now), buy('ann', order('o1', 100_00))]),
    ).toMatchObject([{ code: 'PLUGIN_FAILED' }, { points: 100 }])
    expect(faults).toMatchObject([{ plugin: 'bell', operation: 'memory', reason: 'nonsense' }])
    expect(faults[0]?.message).toContain('no longer fits its own schema (lastDay: ')

    const brought = z.preprocess(
      (stored) => ({ ...(stored as object), lastDay: null }),
      counted,
    ) as unknown as z.ZodType
    const migrating = await openTestProgram(store, {
      url: test.url,
      time,
      plugins: [
        Object.assign({}, version(brought), {
          decide: ({ memory }: { memory: { rung: number } }) =>
            grant({ points: memory.rung, because: [step('base', memory.rung)], at: time.now }),
        }),
        shop,
      ],
    })
    expect(await migrating.program.earnMany([ring(time.now)])).toMatchObject([{ points: 1 }])
  })

  it('M1: heals a member whose wallet was never opened', async () => {
    const test = await withMember(store)
    await test.database.write((manager) =>
      manager.query(
        `INSERT INTO member (id, external_id, joined_at, staff, consents) VALUES (77, 'cut', 1, 0, '[]')`,
      ),
    )
    expect(await test.program.earn(buy('cut', order('o1', 100_00)))).toMatchObject({ points: 100 })
  })
})
