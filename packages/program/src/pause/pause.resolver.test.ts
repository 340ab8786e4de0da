import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { defineEarnSource, grant, step } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dataOf, faultOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import { runs } from '../../../../test/support/runs.js'
import { statementsOf } from '../../../../test/support/statements-of.js'
import {
  balanceOf,
  DAY_MS,
  HOUR_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, bell, shop } from '../../../../test/support/test-program-plugins.js'
import { readMemo } from '../memo/programme-memo.js'

const PAUSE = `mutation ($source: ID, $reason: String!) { pauseEarning(source: $source, reason: $reason) {
  ... on EarningPause { source reason pausedBy pausedAt resumedAt } ... on Refusal { code field }
} }`
const RESUME = `mutation ($source: ID, $reason: String!) { resumeEarning(source: $source, reason: $reason) {
  ... on EarningPause { source resumedBy resumedAt resumeReason } ... on Refusal { code field }
} }`
const SETTLE = `mutation ($source: ID, $reason: String!) { settleKeptEvents(source: $source, reason: $reason) {
  ... on KeptEventsSettling { progress { source kept settled refused settleAskedBy } }
  ... on Refusal { code field }
} }`
const KEPT = `query ($source: ID, $status: KeptEventStatus, $first: Int, $after: String) {
  keptEvents(source: $source, status: $status, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { source memberId once at keptAt status changes points refusal settledAt }
  } }`

const pause = async (test: TestProgram, source: string | null = null) =>
  (await dataOf(test, PAUSE, { variables: { source, reason: 'a fault' } })).pauseEarning
const resume = async (test: TestProgram, source: string | null = null) =>
  (await dataOf(test, RESUME, { variables: { source, reason: 'mended' } })).resumeEarning
const settle = async (test: TestProgram, source: string | null = null) =>
  (await dataOf(test, SETTLE, { variables: { source, reason: 'mended' } })).settleKeptEvents
const kept = async (test: TestProgram, variables: object = {}) =>
  (await dataOf(test, KEPT, { variables: variables as Record<string, unknown> })).keptEvents
const runJob = async ({ program }: TestProgram) =>
  (await program.jobs.runDue()).find(({ name }) => name === 'settle-kept-events')

const buy = (
  { program, time }: TestProgram,
  orderId: string,
  {
    yuan = 100,
    memberId = 'ann',
    ...more
  }: { yuan?: number; memberId?: string; at?: number; confirmed?: boolean } = {},
) =>
  program.earn({
    source: 'purchase',
    memberId,
    event: {
      orderId,
      at: time.now,
      lines: [{ id: '1', quantity: yuan, priceMinor: 1_00 }],
      ...more,
    },
  })
const ring = ({ program, time }: TestProgram, memberId = 'ann') =>
  program.earn({ source: 'bell', memberId, event: { at: time.now } })
const giveBack = ({ program }: TestProgram, once: string, returnId: string, quantity: number) =>
  program.returnEarned({
    source: 'purchase',
    once,
    taken: { returnId, lines: [{ line: '1', quantity }] },
  })
const availableOf = async (test: TestProgram, memberId = 'ann') =>
  (await balanceOf(test, memberId)).balance.available

type Store = Parameters<typeof openTestProgram>[0]

async function openShop(store: Store, options: Parameters<typeof openTestProgram>[1] = {}) {
  const test = await openTestProgram(store, options)
  if (!options.url) await test.program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
  return test
}

/** A source that is out of order, until it is mended. */
function faultySource() {
  const state = { broken: true, asked: 0 }
  const source = defineEarnSource({
    id: 'lottery',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Lottery', zh: '抽奖' },
    core: false,
    settings: z.object({}),
    event: z.strictObject({ id: z.string() }),
    once: ({ event }) => event.id,
    decide: ({ now }) => {
      state.asked++
      if (state.broken) throw new Error('out of order')
      return grant({ points: 3, because: [step('base', 3)], at: now })
    },
  })
  return { source, state }
}

describe.each(availableStores())('pauses on %s', (store) => {
  it('O5: an operator’s act that is kept is in the audit, once, also when it is settled', async () => {
    const test = await openShop(store)
    await pause(test, 'bell')
    const context = { viewer: viewerOf.operator('support'), address: '192.0.2.7' }
    const act = { name: 'decideReferral', context, reason: 'looked at' }
    const rule = (at = test.time.now) =>
      test.program.earn({ source: 'bell', memberId: 'ann', event: { at }, act })
    const ruled = await rule()
    expect(ruled).toMatchObject({ code: 'EARNING_PAUSED' })
    expect(await rule()).toMatchObject({ code: 'EARNING_PAUSED' })
    await resume(test, 'bell')
    await settle(test, 'bell')
    await runJob(test)
    const ann = (await test.program.members.find('ann'))!
    expect(await availableOf(test)).toBe(5)
    const page = { filter: { act: 'decideReferral' }, before: null, limit: 9 }
    expect(await test.program.audit.page(page)).toMatchObject([
      {
        by: 'rosa',
        address: '192.0.2.7',
        reason: 'looked at',
        target: { kind: 'member', id: String(ann.wallet) },
        after: { source: 'bell', kept: true },
        at: test.time.now,
      },
    ])
  })

  it('E10: what comes while a source is paused is kept, once, and can be settled later', async () => {
    const test = await openShop(store)
    assertDone(await buy(test, 'before'))
    expect(await pause(test, 'purchase')).toEqual({
      source: 'purchase',
      reason: 'a fault',
      pausedBy: 'rosa',
      pausedAt: '2026-01-05T04:00:00.000Z',
      resumedAt: null,
    })
    expect(await buy(test, 'o1')).toMatchObject({ code: 'EARNING_PAUSED' })
    expect(await buy(test, 'o1')).toMatchObject({ code: 'EARNING_PAUSED' })
    expect(await buy(test, 'o1', { yuan: 7 })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      figures: { field: 'lines.0.quantity' },
    })
    expect(await buy(test, 'o1', { memberId: 'bob' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      figures: { field: 'memberId' },
    })
    // What went in before is what it was; the other source goes on; what cannot be right is refused.
    expect(await buy(test, 'before')).toMatchObject({ replayed: true, points: 100 })
    expect(await ring(test)).toMatchObject({ points: 5 })
    expect(await buy(test, 'old', { at: MONDAY_NOON - 400 * DAY_MS })).toMatchObject({
      code: 'EVENT_TOO_OLD',
    })
    expect(await availableOf(test)).toBe(105)
    expect((await kept(test)).nodes).toEqual([
      {
        source: 'purchase',
        memberId: 'ann',
        once: 'o1',
        at: '2026-01-05T04:00:00.000Z',
        keptAt: '2026-01-05T04:00:00.000Z',
        status: 'KEPT',
        changes: 0,
        points: null,
        refusal: null,
        settledAt: null,
      },
    ])

    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '0 settled, 0 refused' })
    expect(await resume(test, 'purchase')).toEqual({
      source: 'purchase',
      resumedBy: 'rosa',
      resumedAt: '2026-01-05T05:00:00.000Z',
      resumeReason: 'mended',
    })
    assertDone(await buy(test, 'after'))
    expect(await settle(test, 'purchase')).toEqual({
      progress: [{ source: 'purchase', kept: 1, settled: 0, refused: 0, settleAskedBy: 'rosa' }],
    })
    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '1 settled, 0 refused' })
    expect(await availableOf(test)).toBe(305)
    const [settled] = (await kept(test)).nodes
    expect(settled).toMatchObject({ status: 'SETTLED', points: 100, refusal: null })
    const again = await buy(test, 'o1', { at: MONDAY_NOON })
    expect(again).toMatchObject({ replayed: true, points: 100 })
    const progress = '{ keptEventProgress { source title kept settled refused oldestAt } }'
    expect((await dataOf(test, progress)).keptEventProgress).toEqual([
      { source: 'purchase', title: 'Purchase', kept: 0, settled: 1, refused: 0, oldestAt: null },
    ])
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('E10: all at once, and each pause is ended by itself', async () => {
    const test = await openShop(store)
    await pause(test)
    await pause(test, 'bell')
    // The same again is the same pause.
    test.time.now += HOUR_MS
    expect(await pause(test)).toMatchObject({ source: null, pausedAt: '2026-01-05T04:00:00.000Z' })
    expect([await buy(test, 'o1'), await ring(test)]).toMatchObject([
      { code: 'EARNING_PAUSED' },
      { code: 'EARNING_PAUSED' },
    ])
    await resume(test)
    expect([await buy(test, 'o2'), await ring(test)]).toMatchObject([
      { points: 100 },
      { code: 'EARNING_PAUSED' },
    ])
    const list = (open: boolean) =>
      dataOf(test, `{ pauses(open: ${open}) { source resumedBy } }`).then(({ pauses }) => pauses)
    expect(await list(true)).toEqual([{ source: 'bell', resumedBy: null }])
    expect(await list(false)).toEqual([
      { source: 'bell', resumedBy: null },
      { source: null, resumedBy: 'rosa' },
    ])
    expect(await resume(test, 'bell')).toMatchObject({ source: 'bell' })
    expect(await resume(test, 'bell')).toMatchObject({ source: 'bell', resumedBy: 'rosa' })
    expect(await pause(test, 'bell')).toMatchObject({ resumedAt: null })
    expect(await list(true)).toHaveLength(1)
  })

  it('E10: operators’ acts, and what was earned before, go on', async () => {
    const test = await openShop(store, {
      firstPolicy: { sources: { purchase: { settings: { confirmAfterMs: DAY_MS } } } },
    })
    await buy(test, 'o1', { confirmed: false })
    await buy(test, 'o2', { confirmed: false })
    await pause(test)
    assertDone(await test.program.confirmEarned({ source: 'purchase', once: 'o1' }))
    assertDone(await giveBack(test, 'o1', 'r1', 40))
    const adjustment = { memberId: 'ann', points: 5, kind: null, reason: 'r', by: 'rosa' }
    assertDone(await test.program.adjustments.request({ ...adjustment, idempotencyKey: 'k' }))
    test.time.now += 2 * DAY_MS
    expect(await availableOf(test)).toBe(165)
  })

  it('M5: counts as activity on the day on which it happened, however late it is settled', async () => {
    const test = await openShop(store)
    await pause(test)
    for (const days of [1, 2]) {
      test.time.now = MONDAY_NOON + days * DAY_MS
      await buy(test, `o${days}`, { at: test.time.now - HOUR_MS })
    }
    await ring(test)
    await resume(test)
    await settle(test)
    test.time.now += 9 * DAY_MS
    await runJob(test)
    expect(readMemo((await balanceOf(test, 'ann')).memo)).toMatchObject({
      lastActiveAt: MONDAY_NOON + 2 * DAY_MS,
      activeDays: { last: '2026-01-07', days: '3' },
    })
  })

  it('M5: what a source does about acts of others is nobody’s activity, also when it was kept', async () => {
    const tithe = defineEarnSource({
      id: 'tithe',
      version: '1.0.0',
      contract: '^1.0.0',
      title: { en: 'Tithe', zh: '什一' },
      core: false,
      settings: z.object({}),
      event: z.strictObject({ of: z.string() }),
      memory: z.object({}),
      once: ({ event }) => event.of,
      decide: ({ now }) => grant({ points: 3, because: [step('base', 3)], at: now }),
      reacts: {
        to: ['purchase'],
        with: ({ act }) => [{ earn: { memberId: 'bob', event: { of: act.once } } }],
      },
    })
    const test = await openShop(store, { plugins: [shop, bell, tithe] })
    await pause(test, 'tithe')
    await buy(test, 'o1', { confirmed: true })
    expect(await test.program.notices.handleDue()).toMatchObject({ handled: 1, failed: 0 })
    expect((await kept(test)).nodes).toMatchObject([{ source: 'tithe', memberId: 'bob' }])
    await resume(test, 'tithe')
    await settle(test, 'tithe')
    test.time.now += DAY_MS
    await runJob(test)
    expect(await availableOf(test, 'bob')).toBe(3)
    const memo = readMemo((await balanceOf(test, 'bob')).memo)
    expect(memo).toMatchObject({ lastActiveAt: null, activeDays: null })
  })

  it('E10: settles as of the time when it was kept, a member’s own in order', async () => {
    const test = await openShop(store, { firstPolicy: { events: { maxAgeDays: 2 } } })
    assertDone(await ring(test))
    await pause(test)
    for (let day = 1; day <= 3; day++) {
      test.time.now += DAY_MS
      await ring(test)
      await buy(test, `o${day}`)
    }
    // Long after; and the policy gives less since.
    test.time.now += 30 * DAY_MS
    const document = {
      events: { maxAgeDays: 2 },
      sources: {
        bell: { settings: { each: 1 } },
        purchase: { settings: { minorPerPoint: 1_000 } },
      },
    }
    expect(await test.program.policies.update({ document, by: 'rosa' })).toHaveProperty('updated')
    await resume(test)
    await settle(test)
    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '6 settled, 0 refused' })
    const { nodes } = await kept(test)
    // Each ring remembers the ones before it: 6, 7, 8.
    expect(
      nodes.map(({ once, points }: { once: string; points: number }) => [once, points]),
    ).toEqual([
      ['2026-01-06', 6],
      ['o1', 100],
      ['2026-01-07', 7],
      ['o2', 100],
      ['2026-01-08', 8],
      ['o3', 100],
    ])
    const newest = await test.ledger.store.findNewestTransactions([1], 6)
    expect(newest.map(({ effectiveAt, policyVersion }) => [effectiveAt, policyVersion])).toEqual(
      [3, 3, 2, 2, 1, 1].map((day) => [MONDAY_NOON + day * DAY_MS, 1]),
    )
    const lots = await test.ledger.store.findLots([1], { open: true })
    expect(lots.map(({ lot }) => lot.earnedAt)).toContain(MONDAY_NOON + DAY_MS)
  })

  it('E10: what happens to a kept order counts when it is settled', async () => {
    const test = await openShop(store)
    await pause(test, 'purchase')
    for (const order of ['cancelled', 'returned', 'waiting', 'late']) {
      await buy(test, order, { confirmed: false })
    }
    const { program } = test
    const name = (once: string) => ({ source: 'purchase', once })
    const answers = [
      await program.cancelEarned(name('cancelled')),
      await program.cancelEarned(name('cancelled')),
      await giveBack(test, 'cancelled', 'r1', 1),
      await giveBack(test, 'returned', 'r1', 30),
      await giveBack(test, 'returned', 'r1', 30),
      await giveBack(test, 'returned', 'r1', 31),
      await giveBack(test, 'returned', 'r2', 71),
      await giveBack(test, 'returned', 'r2', 20),
      await program.confirmEarned(name('returned')),
      await program.confirmEarned(name('nothing')),
    ]
    expect(answers.map((it) => (isRefusal(it) ? it.code : it))).toEqual([
      'EVENT_KEPT',
      'EVENT_KEPT',
      'ORDER_CANCELLED',
      'EVENT_KEPT',
      'EVENT_KEPT',
      'IDEMPOTENCY_MISMATCH',
      'TOO_MUCH',
      'EVENT_KEPT',
      'EVENT_KEPT',
      'ORDER_NOT_FOUND',
    ])
    await resume(test, 'purchase')
    // Nobody has settled it yet: it is kept still.
    expect(await program.confirmEarned(name('late'))).toMatchObject({ code: 'EVENT_KEPT' })
    await settle(test)
    test.time.now += HOUR_MS
    await runJob(test)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 150, pending: 100 })
    const { nodes } = await kept(test)
    expect(
      nodes.map(({ once, changes, points }: Record<string, unknown>) => [once, changes, points]),
    ).toEqual([
      ['cancelled', 1, 0],
      ['returned', 3, 50],
      ['waiting', 0, 100],
      ['late', 1, 100],
    ])
    expect(await program.findEarned(name('cancelled'))).toMatchObject({ status: 'cancelled' })
    expect(await giveBack(test, 'returned', 'r2', 20)).toMatchObject({ replayed: true })
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('L9: says what an order will be worth, also while it is paused', async () => {
    const test = await openShop(store)
    await pause(test)
    const lines = [{ id: '1', quantity: 1, priceMinor: 30_00 }]
    const event = { orderId: 'o1', at: test.time.now, lines }
    const preview = await test.program.preview({
      source: 'purchase',
      memberId: 'ann',
      event,
    })
    expect(preview).toMatchObject({ points: 30 })
    expect((await kept(test)).nodes).toEqual([])
  })

  it('E10: an order that is sent again before it is settled counts once', async () => {
    const test = await openShop(store)
    await pause(test, 'purchase')
    await buy(test, 'o1')
    await buy(test, 'o2')
    await test.program.cancelEarned({ source: 'purchase', once: 'o2' })
    await resume(test, 'purchase')
    const event = { at: MONDAY_NOON }
    expect(await buy(test, 'o1', event)).toMatchObject({ points: 100, replayed: false })
    expect(await buy(test, 'o2', event)).toMatchObject({ points: 100, replayed: false })
    await settle(test)
    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '2 settled, 0 refused' })
    expect(await availableOf(test)).toBe(100)
  })

  it('E10: a source at fault is not asked while it is paused; what fails later is tried again', async () => {
    const { source, state } = faultySource()
    const told: string[] = []
    const test = await openShop(store, {
      plugins: [shop, bell, source],
      onFailure: (what) => told.push(what),
    })
    const draw = (id: string) =>
      test.program.earn({ source: 'lottery', memberId: 'ann', event: { id } })
    await pause(test, 'lottery')
    expect(await draw('1')).toMatchObject({ code: 'EARNING_PAUSED' })
    expect(state.asked).toBe(0)
    await resume(test, 'lottery')
    await settle(test, 'lottery')
    expect(await runJob(test)).toMatchObject({ result: '0 settled, 0 refused, 1 failed' })
    expect(told).toEqual(['settle-kept-events: kept event 1'])
    state.broken = false
    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '1 settled, 0 refused' })
    expect(await availableOf(test)).toBe(3)
  })

  it('E10: what is refused when it is settled says so, and may come again', async () => {
    const test = await openShop(store)
    const caps = { caps: { perSource: {} }, events: { maxAgeDays: 3 } }
    await pause(test, 'purchase')
    await buy(test, 'o1')
    // Somebody sent other content in between, when it was not paused.
    await resume(test, 'purchase')
    assertDone(await buy(test, 'o1', { yuan: 7 }))
    await settle(test, 'purchase')
    await test.program.policies.update({ document: caps, by: 'rosa' })
    expect(await runJob(test)).toMatchObject({ result: '0 settled, 1 refused' })
    expect((await kept(test, { status: 'REFUSED' })).nodes).toMatchObject([
      { once: 'o1', points: null, refusal: 'IDEMPOTENCY_MISMATCH' },
    ])
    expect(await availableOf(test)).toBe(7)
  })

  it('E10: settling waits while the source is paused, and stops when it is paused anew', async () => {
    const test = await openShop(store)
    await pause(test, 'purchase')
    await buy(test, 'o1')
    await settle(test, 'purchase')
    expect(await runJob(test)).toMatchObject({ result: '0 settled, 0 refused' })
    await resume(test, 'purchase')
    await pause(test)
    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '0 settled, 0 refused' })
    // What comes in the new pause waits for an operator to say so again.
    await buy(test, 'o2')
    await resume(test)
    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '1 settled, 0 refused' })
    expect(await availableOf(test)).toBe(100)
    await settle(test)
    test.time.now += HOUR_MS
    expect(await runJob(test)).toMatchObject({ result: '1 settled, 0 refused' })
    expect(await availableOf(test)).toBe(200)
  })

  it('E10: each act of an operator is in the audit, once', async () => {
    const test = await openShop(store)
    await pause(test, 'bell')
    await pause(test, 'bell')
    await resume(test, 'bell')
    await resume(test, 'bell')
    await settle(test)
    const entries = await test.program.audit.page({ filter: {}, before: null, limit: 9 })
    expect(entries.map(({ act, target, reason }) => [act, target.id, reason])).toEqual([
      ['settleKeptEvents', '*', 'mended'],
      ['resumeEarning', 'bell', 'mended'],
      ['pauseEarning', 'bell', 'a fault'],
    ])
  })

  it('refuses a source that there is not, and no reason', async () => {
    const test = await openShop(store)
    for (const [operation, field] of [
      [PAUSE, 'pauseEarning'],
      [RESUME, 'resumeEarning'],
      [SETTLE, 'settleKeptEvents'],
    ] as const) {
      const ask = async (variables: Record<string, unknown>) =>
        (await dataOf(test, operation, { variables }))[field]
      expect(await ask({ source: 'moon', reason: 'r' })).toEqual({
        code: 'INVALID_INPUT',
        field: 'source',
      })
      expect(await ask({ reason: ' ' })).toEqual({ code: 'INVALID_INPUT', field: 'reason' })
    }
    expect(await resume(test)).toEqual({ code: 'EARNING_NOT_PAUSED', field: 'source' })
    expect(await faultOf(test, '{ pauses(first: 0) { id } }')).toMatchObject({ field: 'first' })
    expect(await faultOf(test, '{ keptEvents(after: "x") { nodes { id } } }')).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'after',
    })
  })

  it('shows kept events page by page, of a source and a status', async () => {
    const test = await openShop(store)
    await pause(test)
    for (let n = 0; n < 5; n++) await buy(test, `o${n}`)
    await ring(test)
    const first = await kept(test, { first: 4, source: 'purchase', status: 'KEPT' })
    expect(first.nodes.map(({ once }: { once: string }) => once)).toEqual(['o0', 'o1', 'o2', 'o3'])
    expect(first.pageInfo.hasNextPage).toBe(true)
    const rest = await kept(test, { first: 4, source: 'purchase', after: first.pageInfo.endCursor })
    expect(rest.nodes.map(({ once }: { once: string }) => once)).toEqual(['o4'])
    expect((await kept(test, { status: 'SETTLED' })).nodes).toEqual([])
    const viewer = viewerOf.operator('viewer')
    expect((await dataOf(test, KEPT, { viewer })).keptEvents.nodes).toHaveLength(6)
  })
})

const sharedStores = availableStores().filter((store) => store !== 'memory')

describe.each(sharedStores)('pauses on several servers on %s', (store) => {
  it('E10: once the pause is answered, no event that is sent to any server is granted', async () => {
    const first = await openShop(store)
    const second = await openShop(store, { url: first.url, time: first.time })
    const servers = [first, second]
    let paused = false
    let sent = 0
    const late: unknown[] = []
    const early: unknown[] = []
    const sender = async (server: TestProgram, memberId: string) => {
      for (let n = 0; n < 60; n++) {
        const after = paused
        const answer = await buy(server, `${memberId}-${sent++}`, { memberId, yuan: 10 })
        ;(after ? late : early).push(answer)
      }
    }
    const senders = servers.flatMap((server) => [sender(server, 'ann'), sender(server, 'bob')])
    const pauser = (async () => {
      while (sent < 60) await new Promise((resolve) => setImmediate(resolve))
      await pause(first, 'purchase')
      paused = true
    })()
    await Promise.all([...senders, pauser])
    const granted = early.filter((it) => !isRefusal(it as object)).length
    expect(granted).toBeGreaterThan(0)
    expect(late.length).toBeGreaterThan(50)
    for (const answer of late) expect(answer).toMatchObject({ code: 'EARNING_PAUSED' })
    const sum = async () => (await availableOf(first)) + (await availableOf(second, 'bob'))
    expect(await sum()).toBe(granted * 10)

    // Both settle at once, also while the other pauses and goes on in between.
    await resume(second, 'purchase')
    await settle(second, 'purchase')
    for (let round = 0; round < 4; round++) {
      first.time.now += HOUR_MS
      await Promise.all([
        ...servers.map(({ program }) => program.jobs.runDue()),
        round === 0 ? pause(first, 'purchase').then(() => resume(second, 'purchase')) : null,
      ])
    }
    expect(await sum()).toBe(240 * 10)
    const progress = await first.program.settlements.progress()
    expect(progress).toMatchObject([{ kept: 0, settled: 240 - granted, refused: 0 }])
    expect((await verifyLedger(first.ledger.store)).ok).toBe(true)
  })

  it('E10: kept events outlive the servers', async () => {
    const first = await openShop(store)
    await pause(first, 'purchase')
    await buy(first, 'o1')
    await first.program.close()
    const second = await openShop(store, { url: first.url, time: first.time })
    expect(await buy(second, 'o2')).toMatchObject({ code: 'EARNING_PAUSED' })
    await resume(second, 'purchase')
    await settle(second)
    await runJob(second)
    expect(await availableOf(second)).toBe(200)
  })

  it('E10: costs an event no statement more', async () => {
    const test = await openShop(store)
    const tables = async (orderId: string) => {
      const statements = await statementsOf(test, async () => {
        await buy(test, orderId)
      })
      return statements.filter((sql) => /\b(member|earning_pause|kept_event)\b/.test(sql)).length
    }
    expect(await tables('o1')).toBe(1)
    await pause(test, 'bell')
    expect(await tables('o2')).toBe(1)
  })
})

describe('E10: whatever is paused in between', () => {
  it('leaves members what they would have without it', async () => {
    const act = fc.oneof(
      fc.record({
        act: fc.constant('buy' as const),
        memberId: fc.constantFrom('ann', 'bob'),
        yuan: fc.integer({ min: 1, max: 90 }),
      }),
      fc.record({ act: fc.constant('ring' as const), memberId: fc.constantFrom('ann', 'bob') }),
      fc.record({
        act: fc.constant('return' as const),
        order: fc.nat(9),
        quantity: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({ act: fc.constant('cancel' as const), order: fc.nat(9) }),
      fc.record({
        act: fc.constantFrom('pause' as const, 'resume' as const, 'settle' as const),
        source: fc.constantFrom(null, 'purchase', 'bell'),
      }),
      fc.record({ act: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
        const live = async (pausing: boolean) => {
          const test = await openShop('memory')
          let orders = 0
          for (const [n, it] of acts.entries()) {
            // A second a step, so that the order of acts is the order of their times.
            test.time.now += 1_000
            const order = 'order' in it ? `o${it.order}` : ''
            if (it.act === 'buy') await buy(test, `o${orders++}`, it)
            else if (it.act === 'ring') await ring(test, it.memberId)
            else if (it.act === 'return') await giveBack(test, order, `r${n}`, it.quantity)
            else if (it.act === 'cancel') {
              await test.program.cancelEarned({ source: 'purchase', once: order })
            } else if (it.act === 'wait') test.time.now += it.hours * HOUR_MS
            else if (!pausing) continue
            else if (it.act === 'pause') await pause(test, it.source)
            else if (it.act === 'resume') await resume(test, it.source)
            else {
              await settle(test, it.source)
              await test.program.jobs.runDue()
            }
          }
          for (const source of [null, 'purchase', 'bell']) await resume(test, source)
          await settle(test)
          test.time.now += DAY_MS
          await test.program.jobs.runDue()
          expect(
            await test.program.settlements.page({
              source: null,
              status: 'kept',
              after: 0,
              limit: 1,
            }),
          ).toEqual([])
          return [await availableOf(test), await availableOf(test, 'bob')]
        }
        expect(await live(true)).toEqual(await live(false))
      }),
      { numRuns: runs(12) },
    )
  })
})
