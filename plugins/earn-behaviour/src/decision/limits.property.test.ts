import { isRefusal, type MemberFacts, openCalendar, runDecision } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../../test/support/runs.js'
import { behaviour } from '../behaviour.js'
import { behaviourMemory } from '../memory/behaviour-memory.js'
import {
  behaviourSettings,
  MOST_DAYS_LATE,
  PERIODS,
  type Per,
} from '../settings/behaviour-settings.js'

const HOUR_MS = 3_600_000
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

/** Where clocks change, and where they do not; the middle of what is drawn. */
const places = fc.constantFrom(
  { zone: 'Asia/Shanghai', around: Date.parse('2021-05-31T16:00:00Z') },
  { zone: 'Europe/London', around: Date.parse('2024-03-31T01:00:00Z') },
  { zone: 'Europe/London', around: Date.parse('2024-10-27T01:00:00Z') },
  { zone: 'America/Sao_Paulo', around: Date.parse('2018-11-04T03:00:00Z') },
  { zone: 'America/New_York', around: Date.parse('2020-12-31T05:00:00Z') },
  { zone: 'Australia/Lord_Howe', around: Date.parse('2021-10-02T15:30:00Z') },
)

const rules = fc.record({
  per: fc.constantFrom(...PERIODS),
  times: fc.integer({ min: 1, max: 4 }),
  points: fc.integer({ min: 0, max: 9 }),
  pointsLimit: fc.option(fc.integer({ min: 1, max: 25 })),
})

/** `onHours`: how long after the one before it is told of (clocks differ, so it may be before it);
 * `lateHours`: how long before that it was done. */
const acts = fc.array(
  fc.record({
    of: fc.nat(1),
    ref: fc.nat(40),
    onHours: fc.oneof(fc.constant(0), fc.integer({ min: -3, max: 30 })),
    lateHours: fc.oneof(fc.constant(0), fc.integer({ min: -10, max: 140 })),
    ms: fc.constantFrom(0, 1, HOUR_MS - 1),
  }),
  { minLength: 1, maxLength: 40 },
)

/** What a calendar on the wall shows, asked of another implementation than the one under test. */
const wallDate = (zone: string, at: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at)
const plusDays = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 24 * HOUR_MS).toISOString().slice(0, 10)

/** First and last day of the period that a date lies in, by dates alone. */
function daysOf(per: Per, date: string): [string, string] {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
  switch (per) {
    case 'day':
      return [date, date]
    case 'week': {
      const monday = plusDays(date, -((new Date(date).getUTCDay() + 6) % 7))
      return [monday, plusDays(monday, 6)]
    }
    case 'month':
      return [
        `${date.slice(0, 7)}-01`,
        new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10),
      ]
    case 'year':
      return [`${year}-01-01`, `${year}-12-31`]
    case 'ever':
      return ['0000-01-01', '9999-12-31']
  }
}

describe('E6: limits, against a list of all that was granted', () => {
  it('hold in every sequence of acts, late ones and repeated ones among them', () => {
    let replays = 0
    let late = 0
    let full = 0
    fc.assert(
      fc.property(
        places,
        fc.tuple(rules, rules),
        fc.integer({ min: 0, max: MOST_DAYS_LATE }),
        acts,
        ({ zone, around }, both, daysLate, told) => {
          const settings = behaviourSettings.parse({
            behaviours: Object.fromEntries(
              both.map((rule, n) => [`b${n}`, { title: { en: 'B', zh: '乙' }, ...rule }]),
            ),
            daysLate,
          })
          const calendar = openCalendar(zone)
          let memory: unknown = behaviourMemory.parse({})
          let now = around - 60 * HOUR_MS
          let closedBefore = '0000-01-01'
          const all: { of: number; date: string; points: number }[] = []
          const byName = new Map<string, unknown>()
          for (const { of, ref, onHours, lateHours, ms } of told) {
            now += onHours * HOUR_MS
            const at = now - lateHours * HOUR_MS + ms
            const event = { behaviour: `b${of}`, ref: String(ref), at }
            const name = behaviour.once({ event, calendar, now })
            const context = { event, memory, settings, member, calendar, now, currency: 'CNY' }
            if (byName.has(name)) {
              replays += 1 // the ledger answers with what it answered before; nothing is decided
              continue
            }
            const decision = runDecision(behaviour, context)
            expect(runDecision(behaviour, context)).toEqual(decision)

            const { per, times, points, pointsLimit } = both[of]!
            const date = wallDate(zone, at)
            const today = wallDate(zone, now)
            const [first, last] = daysOf(per, date)
            const inPeriod = all.filter((it) => it.of === of && it.date >= first && it.date <= last)
            const sum = inPeriod.reduce((all, it) => all + it.points, 0)
            const since = [plusDays(today, -daysLate), closedBefore].sort()[1]!
            const expected =
              last < since
                ? 'BEHAVIOUR_TOO_LATE'
                : inPeriod.length >= times
                  ? 'BEHAVIOUR_LIMIT_REACHED'
                  : sum >= (pointsLimit ?? Infinity)
                    ? 'BEHAVIOUR_POINTS_REACHED'
                    : Math.min(points, (pointsLimit ?? Infinity) - sum)
            if (isRefusal(decision)) {
              expect(decision.code).toBe(expected)
              if (expected === 'BEHAVIOUR_TOO_LATE') late += 1
              else full += 1
              continue
            }
            expect(decision.points).toBe(expected)
            memory = decision.memory
            byName.set(name, decision)
            all.push({ of, date, points: decision.points })
            closedBefore = [plusDays(today, -MOST_DAYS_LATE), closedBefore].sort()[1]!
          }
        },
      ),
      { numRuns: runs(250) },
    )
    for (const seen of [replays, late, full]) expect(seen).toBeGreaterThan(5)
  })

  it('are open at the moment that a refusal names, and not before', () => {
    fc.assert(
      fc.property(
        places,
        rules,
        fc.integer({ min: 1, max: 30 }),
        ({ zone, around }, rule, hours) => {
          const calendar = openCalendar(zone)
          const settings = behaviourSettings.parse({
            behaviours: { it: { title: { en: 'B', zh: '乙' }, ...rule, points: 5 } },
          })
          let memory: unknown = behaviourMemory.parse({})
          const act = (at: number) => {
            const event = { behaviour: 'it', ref: '1', at }
            const context = { event, memory, settings, member, calendar, now: at, currency: 'CNY' }
            const decision = runDecision(behaviour, context)
            if (!isRefusal(decision)) memory = decision.memory
            return decision
          }
          let refused = act(around)
          while (!isRefusal(refused)) refused = act(around)
          const { when } = refused.figures
          if (rule.per === 'ever') {
            expect(when).toBeUndefined()
            expect(isRefusal(act(around + hours * 10_000 * HOUR_MS))).toBe(true)
            return
          }
          expect(when).toBeGreaterThan(around)
          expect(isRefusal(act(when! - 1))).toBe(true)
          expect(isRefusal(act(when!))).toBe(false)
        },
      ),
      { numRuns: runs(150) },
    )
  })
})
