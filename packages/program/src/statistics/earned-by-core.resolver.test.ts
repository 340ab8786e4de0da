import { defineEarnSource, grant, points, step } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dataOf, faultOf } from '../../../../test/support/ask-program.js'
import { availableStores } from '../../../../test/support/databases.js'
import {
  DAY_MS,
  HOUR_MS,
  openTestProgram,
  type TestProgram,
} from '../../../../test/support/test-program.js'
import { assertDone, bell, shop } from '../../../../test/support/test-program-plugins.js'
import { coreShare, earnedByTier, earnedShares } from './earned-by-core.js'

/** Core or not, as the event says; where it says nothing, as the source is. */
const mixed = defineEarnSource({
  id: 'mixed',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Mixed', zh: '混合' },
  core: false,
  settings: z.object({}),
  event: z.strictObject({ id: z.string(), points: points(), core: z.boolean().optional() }),
  once: ({ event }) => event.id,
  decide: ({ event, now }) =>
    grant({
      points: event.points,
      because: [step('base', event.points)],
      at: now,
      ...(event.core !== undefined && { core: event.core }),
    }),
})

const QUERY = `query ($from: LocalDate!, $to: LocalDate!) { earnedByCore(from: $from, to: $to) {
  byTier { tier core { points acts } nonCore { points acts } coreShare }
  bySource { source title tier core points acts }
} }`
const read = async (test: TestProgram, from: string, to: string) =>
  (await dataOf(test, QUERY, { variables: { from, to } })).earnedByCore
const none = { points: '0', acts: '0' }

describe.each(availableStores())('core and non-core on %s', (store) => {
  it('E7: keeps core and non-core behaviours apart, by tier and by source', async () => {
    const test = await openTestProgram(store, { plugins: [shop, bell, mixed] })
    const { program, time } = test
    await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    const earn = async (source: string, memberId: string, event: object) =>
      assertDone(await program.earn({ source, memberId, event }))
    const buy = (memberId: string, orderId: string, yuan: number) =>
      earn('purchase', memberId, {
        orderId,
        at: time.now,
        lines: [{ id: '1', quantity: 1, priceMinor: yuan * 100 }],
      })
    // Silver from the next order on.
    await buy('bob', 'b1', 5_000)
    await buy('bob', 'b2', 100)
    await buy('ann', 'a1', 30)
    await earn('bell', 'ann', { at: time.now })
    await earn('mixed', 'ann', { id: '1', points: 7 })
    await earn('mixed', 'ann', { id: '2', points: 8, core: true })
    await earn('mixed', 'ann', { id: '3', points: 0, core: true })
    assertDone(
      await program.adjustments.request({
        memberId: 'ann',
        points: 50,
        kind: null,
        reason: 'sorry',
        idempotencyKey: 'k',
        by: 'rosa',
      }),
    )
    // Tomorrow, and a return, which takes nothing off what was issued.
    time.now += DAY_MS
    await buy('ann', 'a2', 1_000)
    assertDone(await program.cancelEarned({ source: 'purchase', once: 'a1' }))

    const monday = {
      byTier: [
        {
          tier: 'regular',
          core: { points: '5038', acts: '3' },
          nonCore: { points: '12', acts: '2' },
          coreShare: '0.9976',
        },
        { tier: 'silver', core: { points: '120', acts: '1' }, nonCore: none, coreShare: '1' },
        { tier: 'gold', core: none, nonCore: none, coreShare: null },
      ],
      bySource: [
        {
          source: 'adjustment',
          title: 'Adjustment',
          tier: 'regular',
          core: null,
          points: '50',
          acts: '1',
        },
        { source: 'bell', title: 'Bell', tier: 'regular', core: false, points: '5', acts: '1' },
        { source: 'mixed', title: 'Mixed', tier: 'regular', core: true, points: '8', acts: '1' },
        { source: 'mixed', title: 'Mixed', tier: 'regular', core: false, points: '7', acts: '1' },
        {
          source: 'purchase',
          title: 'Purchase',
          tier: 'regular',
          core: true,
          points: '5030',
          acts: '2',
        },
        {
          source: 'purchase',
          title: 'Purchase',
          tier: 'silver',
          core: true,
          points: '120',
          acts: '1',
        },
      ],
    }
    expect(await read(test, '2026-01-05', '2026-01-05')).toEqual(monday)
    const both = await read(test, '2026-01-01', '2026-01-06')
    expect(both.byTier[0].core).toEqual({ points: '6038', acts: '4' })
    // Folded or not, they are the same figures.
    time.now += 2 * HOUR_MS
    await program.jobs.runDue()
    expect(await read(test, '2026-01-05', '2026-01-05')).toEqual(monday)
    expect(await read(test, '2026-01-01', '2026-01-06')).toEqual(both)
    expect((await read(test, '2026-01-07', '2026-01-31')).bySource).toEqual([])
  })

  it('E7: counts in the days of the programme, not of UTC', async () => {
    const test = await openTestProgram(store, { plugins: [shop, bell] })
    await test.program.members.register({ id: 'ann' })
    // Half past seven in the morning there; by UTC it is still the day before.
    test.time.now = Date.parse('2026-01-06T07:30:00+08:00')
    assertDone(
      await test.program.earn({ source: 'bell', memberId: 'ann', event: { at: test.time.now } }),
    )
    expect((await read(test, '2026-01-05', '2026-01-05')).bySource).toEqual([])
    expect((await read(test, '2026-01-06', '2026-01-06')).bySource).toHaveLength(1)
  })

  it('refuses days that end before they begin', async () => {
    const test = await openTestProgram(store)
    const variables = { from: '2026-01-06', to: '2026-01-05' }
    expect(await faultOf(test, QUERY, { variables })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'to',
    })
  })
})

describe('E7: shares', () => {
  it('of all tiers and sources are what was issued', () => {
    const figure = fc.record({
      account: fc.constantFrom('issued:purchase', 'issued:bell', 'issued:gone'),
      labels: fc.constantFrom<Record<string, string>[]>(
        { tier: 'regular' },
        { tier: 'gold', core: 'true' },
        { tier: 'old', core: 'false' },
        {},
      ),
      amount: fc.bigInt({ min: -(2n ** 60n), max: 0n }),
      transactions: fc.nat(1_000),
    })
    const sources = new Map([
      ['purchase', { core: true }],
      ['bell', { core: false }],
    ])
    fc.assert(
      fc.property(fc.array(figure), (figures) => {
        const shares = earnedShares(figures, sources)
        const issued = -figures.reduce((sum, { amount }) => sum + amount, 0n)
        expect(shares.reduce((sum, it) => sum + it.points, 0n)).toBe(issued)
        const marked = shares.filter(({ core }) => core !== null)
        const tiers = earnedByTier(shares, ['regular'])
        const inTiers = tiers.reduce((sum, it) => sum + it.core.points + it.nonCore.points, 0n)
        expect(inTiers).toBe(marked.reduce((sum, it) => sum + it.points, 0n))
        for (const tier of tiers) {
          const share = Number(coreShare(tier) ?? 0)
          const all = Number(tier.core.points) + Number(tier.nonCore.points)
          expect(Math.abs(share * all - Number(tier.core.points))).toBeLessThanOrEqual(
            0.000051 * all,
          )
        }
      }),
    )
  })
})
