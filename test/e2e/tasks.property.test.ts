import { behaviour } from '@pointwell/earn-behaviour'
import { checkIn } from '@pointwell/earn-check-in'
import { isRefusal } from '@pointwell/ledger'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runs } from '../support/runs.js'
import { DAY_MS, HOUR_MS, MONDAY_NOON, openTestProgram } from '../support/test-program.js'

const title = { en: 'x', zh: 'x' }
const limit = fc.option(fc.integer({ min: 0, max: 60 }))
const policies = fc.record({ day: limit, checkIn: limit, campaign: fc.boolean() })
const acts = fc.array(
  fc.constantFrom('check-in', 'share', 'favourite', 'complete-profile', 'an hour', 'a day'),
  { minLength: 4, maxLength: 20 },
)

/*
 * The oracle is the earning itself: what a task says is what doing it gives, and where a task says that it is
 * done, or that caps leave nothing, doing it gives nothing.
 */
it('E14: a task says what doing it gives', async () => {
  await fc.assert(
    fc.asyncProperty(policies, acts, async (drawn, drawnActs) => {
      const { program, time } = await openTestProgram('memory', {
        plugins: [checkIn, behaviour],
        firstPolicy: {
          caps: {
            ...(drawn.day !== null && { pointsPerDay: { limit: drawn.day } }),
            ...(drawn.checkIn !== null && {
              perSource: { 'check-in': [{ period: 'week', limit: drawn.checkIn }] },
            }),
          },
          campaigns: drawn.campaign
            ? [
                {
                  id: 'spring',
                  title,
                  from: new Date(MONDAY_NOON + DAY_MS).toISOString(),
                  until: new Date(MONDAY_NOON + 2 * DAY_MS).toISOString(),
                  multiplier: '1.5',
                  extraPoints: 1,
                },
              ]
            : [],
        },
      })
      await program.members.register({ id: 'ann' })
      for (const [n, act] of drawnActs.entries()) {
        if (act === 'an hour' || act === 'a day') {
          time.now += act === 'a day' ? DAY_MS : HOUR_MS
          continue
        }
        const tasks = await program.tasks('ann')
        const task = tasks?.find(({ id }) => id === act)
        const answer = await program.earn(
          act === 'check-in'
            ? {
                source: act,
                memberId: 'ann',
                event: { date: program.calendar().dateOf(time.now) },
              }
            : {
                source: 'behaviour',
                memberId: 'ann',
                event: { behaviour: act, ref: `${n}`, at: time.now },
              },
        )
        const isNew = !isRefusal(answer) && !answer.replayed
        expect([act, task?.done]).toEqual([act, !isNew])
        if (!isNew) continue
        const room = task?.room.points ?? Number.POSITIVE_INFINITY
        expect([act, answer.points]).toEqual([act, Math.min(task?.points ?? 0, room)])
      }
    }),
    { numRuns: runs(30) },
  )
})
