import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countAct,
  joinActs,
  type RecentActs,
  recentFigures,
  withoutPastActs,
} from './recent-acts.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.parse('2026-03-01T00:00:00Z')

const act = fc.record({
  kind: fc.constantFrom('earn' as const, 'redeem' as const),
  points: fc.integer({ min: 0, max: 1_000 }),
  after: fc.oneof(fc.integer({ min: 0, max: 20 * MINUTE }), fc.integer({ min: 0, max: 3 * DAY })),
})

interface Done {
  readonly kind: 'earn' | 'redeem'
  readonly points: number
  readonly now: number
}

const countAll = (done: readonly Done[]) =>
  done.reduce<RecentActs | null>((acts, it) => withoutPastActs(countAct(acts, it), it.now), null)

describe('K1: what a member did of late', () => {
  it('counts all of a window, and nothing older than a step more', () => {
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 60 }),
        fc.integer({ min: 0, max: 9 * DAY }),
        (acts, later) => {
          let now = START
          const done = acts.map(({ after, ...it }): Done => {
            now += after
            return { ...it, now }
          })
          now += later
          const told = recentFigures(countAll(done), { now, joinedAt: START })
          for (const [name, figure, lasts, step] of [
            ['earn', 'earnsLastHour', HOUR, 5 * MINUTE],
            ['earn', 'earnsLastDay', DAY, HOUR],
            ['earn', 'earnsLastWeek', 7 * DAY, 6 * HOUR],
            ['redeem', 'redemptionsLastHour', HOUR, 5 * MINUTE],
            ['redeem', 'redemptionsLastDay', DAY, HOUR],
            ['redeem', 'redemptionsLastWeek', 7 * DAY, 6 * HOUR],
          ] as const) {
            const since = (from: number) =>
              done.filter((it) => it.kind === name && it.now > from).length
            expect(told[figure]).toBeGreaterThanOrEqual(since(now - lasts))
            expect(told[figure]).toBeLessThanOrEqual(since(now - lasts - step))
          }
          const spent = (from: number) =>
            done
              .filter((it) => it.kind === 'redeem' && it.now > from)
              .reduce((sum, { points }) => sum + points, 0)
          expect(told.pointsSpentLastDay).toBeGreaterThanOrEqual(spent(now - DAY))
          expect(told.pointsSpentLastDay).toBeLessThanOrEqual(spent(now - DAY - HOUR))
          expect(told.minutesSinceJoined).toBe(Math.floor((now - START) / MINUTE))
        },
      ),
    )
  })

  it('stays small, whatever a member does, and is nothing once all is over', () => {
    const busy = Array.from({ length: 20_000 }, (_, place): Done => {
      return { kind: 'earn', points: 1, now: START + place * MINUTE }
    })
    const acts = countAll(busy)
    const last = busy.at(-1)!.now
    expect(Object.values(acts!).map((counts) => Object.keys(counts).length)).toEqual([13, 25, 29])
    expect(JSON.stringify(acts).length).toBeLessThan(2_000)
    expect(withoutPastActs(acts, last + 8 * DAY)).toBeNull()
    expect(recentFigures(acts, { now: last + 8 * DAY, joinedAt: 0 }).earnsLastWeek).toBe(0)
  })

  it('of two members who are one is as if one had done all', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 40 }), (acts) => {
        let now = START
        const done = acts.map(([{ after, ...it }, isOther]) => {
          now += after
          return { ...it, isOther, now }
        })
        const terms = { now, joinedAt: START }
        const halves = [true, false].map((other) =>
          countAll(done.filter(({ isOther }) => isOther === other)),
        )
        const joined = joinActs(halves[0]!, halves[1]!)
        expect(recentFigures(joined, terms)).toEqual(recentFigures(countAll(done), terms))
      }),
    )
  })

  it('sums stay numbers', () => {
    const most = { kind: 'earn', points: Number.MAX_SAFE_INTEGER, now: START } as const
    const told = recentFigures(countAll([most, most]), { now: START, joinedAt: START + 1 })
    expect(told).toMatchObject({
      pointsEarnedLastDay: Number.MAX_SAFE_INTEGER,
      minutesSinceJoined: 0,
    })
  })
})
