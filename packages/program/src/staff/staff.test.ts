import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { defineEarnSource, grant, points, rate, step } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { availableStores } from '../../../../test/support/databases.js'
import {
  balanceOf,
  MONDAY_NOON,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, bell, shop } from '../../../../test/support/test-program-plugins.js'
import { staffPoints } from './staff-points.js'

const buy = ({ program }: TestProgram, orderId: string, quantity: number, memberId = 'sam') =>
  program.earn({
    source: 'purchase',
    memberId,
    event: { orderId, at: MONDAY_NOON, lines: [{ id: '1', quantity, priceMinor: 1_00 }] },
  })
const back = ({ program }: TestProgram, once: string, returnId: string, quantity: number) =>
  program.returnEarned({
    source: 'purchase',
    once,
    taken: { returnId, lines: [{ line: '1', quantity }] },
  })

async function openShop(store: Parameters<typeof openTestProgram>[0], staff?: object) {
  const test = await openTestProgram(store, {
    ...(staff && { firstPolicy: { staff } }),
  })
  await test.program.members.registerMany([{ id: 'sam', staff: true }, { id: 'ann' }])
  return test
}

/** A source that says itself what staff earn. */
const canteen = defineEarnSource({
  id: 'canteen',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Canteen', zh: '食堂' },
  core: false,
  settings: z.strictObject({ each: points().default(10), staffRate: rate().default('0.3') }),
  event: z.strictObject({ id: z.string() }),
  once: ({ event }) => event.id,
  decide: ({ settings, member, now }) => {
    const all = member.staff ? settings.each * Number(settings.staffRate) : settings.each
    return grant({ points: all, because: [step('base', all)], at: now })
  },
})

describe.each(availableStores())('staff on %s', (store) => {
  it('E12: staff earn nothing unless the policy says so, and are told why', async () => {
    const test = await openShop(store)
    const earned = await buy(test, 'o1', 30)
    assertDone(earned)
    expect(earned).toMatchObject({ points: 0 })
    expect(earned.transaction).toMatchObject({
      type: 'note',
      entries: [],
      explanation: [
        { step: 'base', points: 30 },
        { step: 'tier', points: 0 },
        { step: 'staff', points: -30, figures: { rate: '0' } },
      ],
    })
    expect(await buy(test, 'o2', 30, 'ann')).toMatchObject({ points: 30 })
    // What staff spend is spent all the same: tiers are not points.
    expect((await balanceOf(test, 'sam')).memo).toMatchObject({ spend: { '2026-01': 3_000 } })
  })

  it('E12: at their own rate, by source, and a return takes back no more than that', async () => {
    const test = await openShop(store, { rate: '0.5', bySource: { bell: '2' } })
    expect(await buy(test, 'o1', 101)).toMatchObject({ points: 50 })
    const ring = { source: 'bell', memberId: 'sam', event: { at: MONDAY_NOON } }
    expect(await test.program.earn(ring)).toMatchObject({ points: 10 })
    // Of 51 that are left half stands: 25.
    expect(await back(test, 'o1', 'r1', 50)).toMatchObject({ points: -25 })
    expect(await back(test, 'o1', 'r2', 51)).toMatchObject({ points: -25 })
    expect((await balanceOf(test, 'sam')).balance.available).toBe(10)
    expect((await verifyLedger(test.ledger.store)).ok).toBe(true)
  })

  it('E12: the rate of the day of the order counts when it goes back', async () => {
    const test = await openShop(store, { rate: '0.5' })
    await buy(test, 'o1', 100)
    await test.program.policies.update({ document: { staff: { rate: '0' } }, by: 'rosa' })
    expect(await back(test, 'o1', 'r1', 50)).toMatchObject({ points: -25 })
    expect(await buy(test, 'o2', 100)).toMatchObject({ points: 0 })
    await test.program.members.update({ id: 'sam', staff: false })
    expect(await buy(test, 'o3', 100)).toMatchObject({ points: 100 })
    expect(await back(test, 'o1', 'r2', 50)).toMatchObject({ points: -25 })
  })

  it('E12: a source with a rate of its own is not cut twice', async () => {
    const test = await openTestProgram(store, { plugins: [canteen, shop, bell] })
    await test.program.members.register({ id: 'sam', staff: true })
    const lunch = { source: 'canteen', memberId: 'sam', event: { id: 'mon' } }
    expect(await test.program.earn(lunch)).toMatchObject({ points: 3 })
    expect(
      await test.program.policies.update({
        document: { staff: { bySource: { canteen: '1', moon: '1' } } },
        by: 'rosa',
      }),
    ).toEqual({
      faults: [
        {
          path: 'staff.bySource.canteen',
          message: 'This source has a rate of its own: `sources.canteen.settings.staffRate`.',
        },
        { path: 'staff.bySource.moon', message: 'There is no source moon.' },
      ],
    })
  })
})

describe('E12: any order, any rate, any returns', () => {
  it('leaves what the rate makes of what was kept', async () => {
    const stories = fc.record({
      bought: fc.integer({ min: 1, max: 400 }),
      // Millionths, so that the oracle needs no decimals.
      rate: fc.integer({ min: 0, max: 3_000_000 }),
      returns: fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(stories, async ({ bought, rate: millionths, returns }) => {
        const whole = Math.floor(millionths / 1e6)
        const fraction = `${millionths % 1_000_000}`.padStart(6, '0')
        const test = await openShop('memory', { rate: `${whole}.${fraction}` })
        const due = (kept: number) => Number((BigInt(kept) * BigInt(millionths)) / 1_000_000n)
        assertDone(await buy(test, 'o1', bought))
        let kept = bought
        for (const [n, quantity] of returns.entries()) {
          const answer = await back(test, 'o1', `r${n}`, quantity)
          expect(isRefusal(answer)).toBe(quantity > kept)
          if (!isRefusal(answer)) kept -= quantity
          expect((await balanceOf(test, 'sam')).balance.available).toBe(due(kept))
        }
        expect((await balanceOf(test, 'sam')).balance.available).toBe(due(kept))
      }),
      { numRuns: 40 },
    )
  })

  it('never makes more points than there can be', () => {
    const policy = { staff: { rate: '1000', bySource: {} }, sources: {} }
    const huge = { points: 9e15, source: 'purchase', most: 1e12 }
    expect(staffPoints(policy, huge)).toEqual({ points: 1e12, rate: '1000' })
  })
})
