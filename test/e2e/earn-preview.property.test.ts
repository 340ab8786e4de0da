import { behaviour } from '@pointwell/earn-behaviour'
import { checkIn } from '@pointwell/earn-check-in'
import { purchase } from '@pointwell/earn-purchase'
import { review } from '@pointwell/earn-review'
import { isRefusal } from '@pointwell/ledger'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runs } from '../support/runs.js'
import { DAY_MS, MONDAY_NOON, openTestProgram } from '../support/test-program.js'
import { assertDone } from '../support/test-program-plugins.js'

const title = { en: 'x', zh: 'x' }
const iso = (at: number) => new Date(at).toISOString()
const limit = fc.option(fc.integer({ min: 0, max: 800 }))

const policies = fc
  .record({
    pointsPerDay: limit,
    ordersPerDay: fc.option(fc.integer({ min: 1, max: 4 })),
    purchase: limit,
    campaigns: fc.array(
      fc.record({
        multiplier: fc.constantFrom('1', '1.5', '2'),
        extraPoints: fc.nat(30),
        fromDay: fc.nat(3),
        sources: fc.subarray(['purchase', 'check-in', 'behaviour', 'review']),
        tiers: fc.subarray(['regular', 'silver']),
      }),
      { maxLength: 3 },
    ),
    silver: fc.constantFrom('1.1', '1.2', '3'),
  })
  .map(({ pointsPerDay, ordersPerDay, purchase, campaigns, silver }) => ({
    caps: {
      ...(pointsPerDay !== null && { pointsPerDay: { limit: pointsPerDay } }),
      ...(ordersPerDay !== null && { ordersPerDay: { limit: ordersPerDay } }),
      ...(purchase !== null && { perSource: { purchase: [{ period: 'week', limit: purchase }] } }),
    },
    tiers: {
      levels: [
        { id: 'regular', title, threshold: '0', earnMultiplier: '1' },
        { id: 'silver', title, threshold: '5000', earnMultiplier: silver },
      ],
    },
    campaigns: campaigns.map(({ multiplier, extraPoints, fromDay, sources, tiers }, n) => ({
      id: `c${n}`,
      title,
      from: iso(MONDAY_NOON + fromDay * DAY_MS),
      until: iso(MONDAY_NOON + (fromDay + 2) * DAY_MS),
      multiplier,
      extraPoints,
      ...(sources.length > 0 && { sources }),
      ...(tiers.length > 0 && { tiers }),
    })),
  }))

const acts = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ yuan: fc.nat(4_000), confirmed: fc.boolean(), old: fc.nat(9) }),
    },
    {
      weight: 6,
      arbitrary: fc.constantFrom('check-in', 'share', 'review', 'return', 'again', 'next day'),
    },
  ),
  { minLength: 3, maxLength: 16 },
)

it('L9: a preview is what is granted then, with the same steps, or the same refusal', async () => {
  const told = { granted: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(policies, acts, async (firstPolicy, drawn) => {
      const plugins = [purchase, checkIn, behaviour, review]
      const { program, time } = await openTestProgram('memory', { plugins, firstPolicy })
      await program.members.register({ id: 'ann' })
      const orderIds: string[] = []
      let last: object | undefined
      const eventOf = (act: (typeof drawn)[number]) => {
        const at = iso(time.now)
        const newest = orderIds.at(-1) ?? 'o0'
        if (typeof act === 'object') {
          const orderId = `o${orderIds.length + 1}`
          orderIds.push(orderId)
          last = {
            orderId,
            at: iso(time.now - act.old * 60_000),
            currency: 'CNY',
            lines: [{ id: '1', article: 'tea', quantity: 2, unitPrice: `${act.yuan / 2}` }],
            confirmed: act.confirmed,
          }
          return { source: 'purchase', event: last }
        }
        switch (act) {
          case 'again':
            return last && { source: 'purchase', event: { ...last, region: 'elsewhere' } }
          case 'check-in':
            return { source: act, event: { date: program.calendar().dateOf(time.now) } }
          case 'share':
            return { source: 'behaviour', event: { behaviour: act, ref: `${time.now++}`, at } }
          default: {
            const about = { orderId: newest, lineId: '1', reviewId: newest, photos: 3 }
            return { source: 'review', event: { ...about, characters: 20, at } }
          }
        }
      }
      for (const act of drawn) {
        if (act === 'next day') {
          time.now += DAY_MS
          continue
        }
        if (act === 'return') {
          const taken = { returnId: `${time.now++}`, lines: [{ line: '1', quantity: 1 }] }
          const once = orderIds.at(-1) ?? 'o0'
          await program.returnEarned({ source: 'purchase', once, taken })
          continue
        }
        const event = eventOf(act)
        if (!event) continue
        const request = { ...event, memberId: 'ann' }
        const preview = await program.preview(request)
        const earned = await program.earn(request)
        if (isRefusal(earned)) {
          told.refused++
          expect(preview).toEqual(earned)
          continue
        }
        told.granted++
        assertDone(preview)
        expect(preview).toMatchObject({
          points: earned.points,
          explanation: earned.transaction.explanation,
          once: earned.once,
          details: earned.details,
          recorded: earned.replayed,
        })
        const sum = preview.explanation.reduce((all, step) => all + Number(step.points), 0)
        expect(sum).toBeCloseTo(preview.points, 6)
        if (!earned.replayed) {
          expect(preview.lot?.expiresAt).toBe(earned.transaction.termed[0]?.expiresAt)
        }
      }
    }),
    { numRuns: runs(30) },
  )
  expect(told.granted).toBeGreaterThan(20)
  expect(told.refused).toBeGreaterThan(0)
})
