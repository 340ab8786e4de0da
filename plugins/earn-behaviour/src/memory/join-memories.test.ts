import { isRefusal, type MemberFacts, openCalendar, runDecision } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { behaviour } from '../behaviour.js'
import { behaviourSettings, PERIODS } from '../settings/behaviour-settings.js'
import { type BehaviourMemory, behaviourMemory } from './behaviour-memory.js'
import { joinMemories } from './join-memories.js'

const HOUR_MS = 3_600_000
const START = Date.parse('2021-12-29T12:00:00+08:00')
const calendar = openCalendar('Asia/Shanghai')
const member: MemberFacts = {
  id: 'm-1',
  joinedAt: 0,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
  segments: [],
  campaigns: [],
}
const rules = fc.record({
  per: fc.constantFrom(...PERIODS),
  times: fc.integer({ min: 1, max: 6 }),
  points: fc.integer({ min: 0, max: 9 }),
  pointsLimit: fc.option(fc.integer({ min: 1, max: 25 })),
})
const acts = (length: number) =>
  fc.array(
    fc.record({
      of: fc.nat(1),
      isFrom: fc.boolean(),
      onHours: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })),
      lateHours: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 80 })),
    }),
    { maxLength: length },
  )

describe('M8: joinMemories', () => {
  it('every act after it earns what it would earn one member who had done all before', () => {
    let earned = 0
    let refused = 0
    fc.assert(
      fc.property(fc.tuple(rules, rules), acts(14), acts(10), (both, before, after) => {
        // Limits of each would cut where one member's do, and otherwise than one member's.
        const settingsOf = (limited: boolean) =>
          behaviourSettings.parse({
            behaviours: Object.fromEntries(
              both.map(({ points, per, ...limits }, n) => [
                `b${n}`,
                {
                  title: { en: 'B', zh: '乙' },
                  points,
                  per,
                  times: limited ? limits.times : 1_000,
                  pointsLimit: limited ? limits.pointsLimit : null,
                },
              ]),
            ),
          })
        const [free, limited] = [settingsOf(false), settingsOf(true)]
        let now = START
        let count = 0
        const act = (
          memory: BehaviourMemory,
          it: { of: number; lateHours: number },
          settings: typeof free,
        ) => {
          const event = {
            behaviour: `b${it.of}`,
            ref: String(count),
            at: now - it.lateHours * HOUR_MS,
          }
          const context = { event, memory, settings, member, calendar, now, currency: 'CNY' }
          const decision = runDecision(behaviour, context)
          return isRefusal(decision)
            ? { answer: decision, memory }
            : { answer: decision.points, memory: decision.memory as BehaviourMemory }
        }
        const fresh = behaviourMemory.parse({})
        const lives = { from: fresh, into: fresh, one: fresh }
        for (const it of before) {
          now += it.onHours * HOUR_MS
          count += 1
          const half = it.isFrom ? 'from' : 'into'
          const done = act(lives.one, it, free)
          // Of what one member has forgotten already, two may have forgotten less.
          if (isRefusal(done.answer)) continue
          lives[half] = act(lives[half], it, free).memory
          lives.one = done.memory
        }
        let joined = joinMemories({
          from: { ids: ['a'], memory: lives.from },
          into: { ids: ['b'], memory: lives.into },
          calendar,
          now,
        })
        expect(behaviourMemory.parse(joined)).toEqual(joined)
        for (const it of after) {
          now += it.onHours * HOUR_MS
          count += 1
          const [here, there] = [act(joined, it, limited), act(lives.one, it, limited)]
          expect(here.answer).toEqual(there.answer)
          joined = here.memory
          lives.one = there.memory
          if (isRefusal(here.answer)) refused += 1
          else earned += 1
        }
      }),
      { numRuns: 300 },
    )
    for (const seen of [earned, refused]) expect(seen).toBeGreaterThan(100)
  })

  it('counts no higher than it counts for one', () => {
    const most = (times: number): BehaviourMemory =>
      behaviourMemory.parse({ done: { b: { ever: [times, 1_000_000_000_000], periods: {} } } })
    const joined = joinMemories({
      from: { ids: ['a'], memory: most(999_999) },
      into: { ids: ['b'], memory: most(10) },
      calendar,
      now: START,
    })
    expect(behaviourMemory.safeParse(joined).success).toBe(true)
    expect(joined.done.b!.ever[0]).toBe(1_000_000)
  })
})
