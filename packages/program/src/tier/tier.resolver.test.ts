import { isRefusal, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'

const SHOWN = `tier { id } qualifyingSpend tierFloor { tier { id } until }
  tierHistory { at from { id } to { id title } }
  tierProgress { next { id } missing accelerator { factor until } }`
const ME = `{ me { ${SHOWN} } }`
const SET = `mutation ($input: SetMemberTierInput!) { setMemberTier(input: $input) {
  ... on MemberTierChanged { member { ${SHOWN} } } ... on Refusal { code field } } }`
const GRANT = `mutation ($input: GrantTierAcceleratorInput!) { grantTierAccelerator(input: $input) {
  ... on MemberTierChanged { member { ${SHOWN} } } ... on Refusal { code field } } }`
const AUDIT = '{ auditEntries(first: 5) { nodes { act by reason after } } }'

const me = async (test: TestProgram) =>
  (await dataOf(test, ME, { viewer: viewerOf.member('ann') })).me
let keys = 0
const input = (more: object) => ({
  input: { memberId: 'ann', reason: 'a status match', idempotencyKey: `k${keys++}`, ...more },
})
const setTier = async (test: TestProgram, more: object, variables = input(more)) =>
  (await dataOf(test, SET, { variables })).setMemberTier
const grant = async (test: TestProgram, more: object, variables = input(more)) =>
  (await dataOf(test, GRANT, { variables })).grantTierAccelerator

async function openShop(store: Parameters<typeof openTestProgram>[0], firstPolicy: object = {}) {
  const test = await openTestProgram(store, { firstPolicy, time: { now: MONDAY_NOON } })
  await test.program.members.registerMany([{ id: 'ann' }])
  return test
}

async function buy(
  test: TestProgram,
  orderId: string,
  {
    yuan,
    at = test.time.now,
    confirmed = true,
  }: { yuan: number; at?: number; confirmed?: boolean },
) {
  const lines = [{ id: '1', quantity: 2, priceMinor: yuan * 50 }]
  const event = { orderId, at, lines, confirmed }
  const earned = await test.program.earn({ source: 'purchase', memberId: 'ann', event })
  if (isRefusal(earned)) throw new Error(earned.code)
}
/** An act that earns nothing to speak of. */
async function ring({ program, time }: TestProgram) {
  const rung = await program.earn({ source: 'bell', memberId: 'ann', event: { at: time.now } })
  if (isRefusal(rung)) throw new Error(rung.code)
}
let returns = 0
async function giveBack(test: TestProgram, once: string, quantity: number) {
  const taken = { returnId: `r${returns++}`, lines: [{ line: '1', quantity }] }
  const back = await test.program.returnEarned({ source: 'purchase', once, taken })
  if (isRefusal(back)) throw new Error(back.code)
}
async function review({ program, time }: TestProgram) {
  const context = { now: time.now, signal: new AbortController().signal, report() {} }
  await program.reviews.run(context)
}
const iso = (at: number) => new Date(at).toISOString()
const at = (date: string) => Date.parse(`${date}T12:00:00+08:00`)

describe.each(availableStores())('M3: tiers on %s', (store) => {
  it('M3: what is told of late earns by the same tier, whatever was posted since', async () => {
    const levels = [
      { id: 'regular', title: { en: 'x', zh: 'x' }, threshold: '0' },
      { id: 'gold', title: { en: 'x', zh: 'x' }, threshold: '100', earnMultiplier: '2' },
    ]
    const sources = { purchase: { settings: { confirmAfterMs: 2 * DAY_MS } } }
    const points = []
    for (const isSeen of [false, true]) {
      const test = await openShop(store, { tiers: { levels }, sources })
      await buy(test, 'large', { yuan: 100, confirmed: false })
      test.time.now += 3 * DAY_MS
      // The order has confirmed by itself; here something else happens, and there nothing.
      if (isSeen) await ring(test)
      const late = { yuan: 10, at: MONDAY_NOON + DAY_MS }
      await buy(test, 'late', late)
      const earned = await test.program.findEarned({ source: 'purchase', once: 'late' })
      points.push(earned!.granted)
    }
    expect(points).toEqual([20, 20])
  })

  it('goes up at once in the posting, down at the end of a period and its grace', async () => {
    const test = await openShop(store)
    expect(await me(test)).toMatchObject({ tier: { id: 'regular' }, tierHistory: [] })
    await buy(test, 'a', { yuan: 5_000 })
    const up = {
      at: iso(MONDAY_NOON),
      from: { id: 'regular' },
      to: { id: 'silver', title: 'Silver' },
    }
    expect(await me(test)).toMatchObject({ tier: { id: 'silver' }, tierHistory: [up] })

    // 2026 earns it through 2027 and 30 days of 2028.
    for (const day of ['2027-12-31', '2028-01-30']) {
      test.time.now = at(day)
      await review(test)
      expect(await me(test)).toMatchObject({ tier: { id: 'silver' }, tierHistory: [up] })
    }
    test.time.now = at('2028-01-31')
    expect((await me(test)).tier.id).toBe('regular')
    await review(test)
    const down = { at: iso(at('2028-01-31')), from: { id: 'silver' }, to: { id: 'regular' } }
    expect((await me(test)).tierHistory).toMatchObject([down, up])
    await review(test)
    expect((await me(test)).tierHistory).toHaveLength(2)
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('L5: what goes back takes its tier along, and the posting says so', async () => {
    const test = await openShop(store)
    await buy(test, 'a', { yuan: 5_000 })
    await giveBack(test, 'a', 1)
    expect(await me(test)).toMatchObject({
      tier: { id: 'regular' },
      tierHistory: [{ to: { id: 'regular' } }, { to: { id: 'silver' } }],
    })
  })

  it('an operator gives a tier until a date, and it is what is earned if that is higher', async () => {
    const test = await openShop(store)
    const until = at('2026-02-01')
    const set = await setTier(test, { tier: 'silver', until: iso(until) })
    expect(set.member).toMatchObject({
      tier: { id: 'silver' },
      tierFloor: { tier: { id: 'silver' }, until: iso(until) },
      tierHistory: [{ to: { id: 'silver' } }],
      tierProgress: { next: { id: 'gold' }, missing: '20000.00 CNY' },
    })
    await buy(test, 'a', { yuan: 10 })
    expect((await test.program.findEarned({ source: 'purchase', once: 'a' }))?.granted).toBe(12)
    await buy(test, 'b', { yuan: 20_000 })
    expect((await me(test)).tier.id).toBe('gold')
    await giveBack(test, 'b', 2)
    expect((await me(test)).tier.id).toBe('silver')
    test.time.now = until
    expect(await me(test)).toMatchObject({ tier: { id: 'regular' }, tierFloor: null })
    // An order of before, told of now, still finds it.
    await buy(test, 'late', { yuan: 10, at: until - 1 })
    expect((await test.program.findEarned({ source: 'purchase', once: 'late' }))?.granted).toBe(12)
  })

  it('ends what was given, is one act a key, and is audited', async () => {
    const test = await openShop(store)
    const variables = input({ tier: 'gold', until: '2026-12-31T00:00:00+08:00' })
    const first = await setTier(test, {}, variables)
    expect(first.member.tier.id).toBe('gold')
    expect(await setTier(test, {}, variables)).toEqual(first)
    const other = { input: { ...variables.input, tier: 'silver' } }
    expect(await setTier(test, {}, other)).toEqual({ code: 'IDEMPOTENCY_MISMATCH', field: 'tier' })
    test.time.now += DAY_MS
    expect((await setTier(test, { tier: null })).member).toMatchObject({
      tier: { id: 'regular' },
      tierFloor: null,
    })
    const { auditEntries } = await dataOf(test, AUDIT)
    expect(auditEntries.nodes).toMatchObject([
      { act: 'setMemberTier', by: 'rosa', reason: 'a status match', after: { tier: null } },
      { act: 'setMemberTier', after: { tier: { tier: 'gold' } } },
    ])
  })

  it.each<[string, object, string]>([
    ['a tier there is not', { tier: 'tin', until: '2027-01-01T00:00:00Z' }, 'tier'],
    ['a date that is over', { tier: 'gold', until: iso(MONDAY_NOON) }, 'until'],
    ['no date', { tier: 'gold' }, 'until'],
    ['no reason', { tier: null, reason: ' ' }, 'reason'],
    ['no key', { tier: null, idempotencyKey: '' }, 'idempotencyKey'],
    ['nobody', { tier: null, memberId: 'eve' }, 'memberId'],
  ])('refuses %s', async (_, more, field) => {
    const test = await openShop(store)
    expect(await setTier(test, more)).toMatchObject({ field })
    expect((await me(test)).tierHistory).toEqual([])
  })
})

describe.each(availableStores())('M4: accelerators on %s', (store) => {
  it('count orders of their time by the factor, and a return takes the same back', async () => {
    const test = await openShop(store)
    await buy(test, 'before', { yuan: 100 })
    const { member } = await grant(test, { factor: '1.5', days: 10 })
    const until = Date.parse('2026-01-16T00:00:00+08:00')
    expect(member.tierProgress.accelerator).toEqual({ factor: '1.5', until: iso(until) })
    test.time.now += DAY_MS
    await buy(test, 'within', { yuan: 3_000 })
    expect(await me(test)).toMatchObject({
      qualifyingSpend: '4600.00 CNY',
      tierProgress: { missing: '400.00 CNY' },
    })
    // Told of now, it was made before; and the other one after it ended, though it was made within.
    await buy(test, 'older', { yuan: 100, at: MONDAY_NOON - 1 })
    test.time.now = until + DAY_MS
    await buy(test, 'late', { yuan: 100, at: until - 1 })
    await buy(test, 'after', { yuan: 100 })
    expect(await me(test)).toMatchObject({
      qualifyingSpend: '4950.00 CNY',
      tierProgress: { accelerator: null },
    })
    await giveBack(test, 'within', 1)
    expect((await me(test)).qualifyingSpend).toBe('2700.00 CNY')
    await giveBack(test, 'late', 2)
    expect((await me(test)).qualifyingSpend).toBe('2550.00 CNY')
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('do not multiply: of several the strongest counts', async () => {
    const test = await openShop(store)
    await grant(test, { factor: '3', days: 1 })
    await grant(test, { factor: '2', days: 30 })
    await buy(test, 'a', { yuan: 10 })
    test.time.now += 3 * DAY_MS
    await buy(test, 'b', { yuan: 10 })
    expect((await me(test)).qualifyingSpend).toBe('50.00 CNY')
  })

  it('shorten the way also of what still waits, and are one gift a key', async () => {
    const test = await openShop(store)
    const variables = input({ factor: '2', days: 5 })
    await grant(test, {}, variables)
    await grant(test, {}, variables)
    await buy(test, 'a', { yuan: 2_500, confirmed: false })
    expect((await me(test)).tier.id).toBe('regular')
    await test.program.confirmEarned({ source: 'purchase', once: 'a' })
    expect(await me(test)).toMatchObject({
      tier: { id: 'silver' },
      tierHistory: [{ to: { id: 'silver' } }],
    })
    const { auditEntries } = await dataOf(test, AUDIT)
    expect(auditEntries.nodes).toMatchObject([
      {
        act: 'grantTierAccelerator',
        reason: 'a status match',
        after: { accelerator: { factor: '2' } },
      },
    ])
  })

  it('come from a card that a plugin sells, too, whose keys are its own', async () => {
    const test = await openShop(store)
    const card = { memberId: 'ann', factor: '2', days: 5, source: 'coupon', idempotencyKey: 'c-1' }
    const { program } = test
    const until = Date.parse('2026-01-11T00:00:00+08:00')
    expect(await program.accelerateTier(card)).toEqual({ until })
    test.time.now += DAY_MS
    expect(await program.accelerateTier(card)).toEqual({ until })
    expect(await program.accelerateTier({ ...card, factor: '3' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    })
    expect(await program.accelerateTier({ ...card, source: 'goods', days: 6 })).toEqual({
      until: until + 2 * DAY_MS,
    })
  })

  it.each<[string, object, string]>([
    ['a factor of one', { factor: '1', days: 5 }, 'factor'],
    ['a factor too large', { factor: '10.1', days: 5 }, 'factor'],
    ['no days', { factor: '2', days: 0 }, 'days'],
    ['no reason', { factor: '2', days: 5, reason: '' }, 'reason'],
    ['nobody', { factor: '2', days: 5, memberId: 'eve' }, 'memberId'],
  ])('refuses %s', async (_, more, field) => {
    const test = await openShop(store)
    expect(await grant(test, more)).toMatchObject({ field })
    expect((await me(test)).tierProgress.accelerator).toBeNull()
  })
})

describe('M4: orders and returns in any order', () => {
  it('leave what stands, by the factor of its day', async () => {
    const step = fc.record({
      order: fc.integer({ min: 0, max: 4 }),
      yuan: fc.integer({ min: 1, max: 999 }),
      back: fc.constantFrom(0, 1, 2),
      hours: fc.integer({ min: 0, max: 60 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const test = await openShop('memory')
        test.time.now += DAY_MS
        const until = Date.parse('2026-01-09T00:00:00+08:00')
        await grant(test, { factor: '1.3', days: 2 })
        const known = new Map<number, { halfMinor: number; left: number; isFast: boolean }>()
        for (const { order, yuan, back, hours } of steps) {
          test.time.now += hours * 3_600_000
          const it = known.get(order)
          if (!it) {
            await buy(test, `o${order}`, { yuan })
            const isFast = test.time.now < until
            known.set(order, { halfMinor: yuan * 50, left: 2, isFast })
          } else if (back > 0 && back === it.left) {
            await giveBack(test, `o${order}`, back)
            it.left = 0
          } else if (back === 1 && it.left === 2) {
            await giveBack(test, `o${order}`, 1)
            it.left = 1
          }
        }
        const minor = [...known.values()].reduce((sum, { halfMinor, left, isFast }) => {
          return sum + Math.floor((halfMinor * left * (isFast ? 13 : 10)) / 10)
        }, 0)
        const { qualifyingSpend } = await me(test)
        expect(qualifyingSpend).toBe(`${(minor / 100).toFixed(2)} CNY`)
      }),
      { numRuns: 40 },
    )
  })
})
