import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CheckInMemory, checkInMemory } from './check-in-memory.js'
import { findRun, forgetOldRuns, joinDay } from './join-day.js'
import { joinMemories } from './join-memories.js'

const calendar = openCalendar('Asia/Shanghai')
const DAYS = Array.from({ length: 9 }, (_, n) => `2026-03-0${n + 1}`)
const now = Date.parse('2026-03-09T12:00:00+08:00')

/** Who checked in on these days, one after the other. */
function after(days: readonly string[]): CheckInMemory {
  const runs = [...new Set(days)]
    .sort()
    .reduce<CheckInMemory['runs']>(
      (known, day) => (findRun(known, day) ? known : [...joinDay(known, day, calendar).runs]),
      [],
    )
  return { ...checkInMemory.parse({}), runs: forgetOldRuns(runs, '2026-03-09', calendar) }
}
const join = (from: CheckInMemory, into: CheckInMemory) =>
  joinMemories({
    from: { ids: ['a'], memory: from },
    into: { ids: ['b'], memory: into },
    calendar,
    now,
  })

describe('M8: joinMemories', () => {
  it('a streak is that of one who had checked in on the days of both', () => {
    const days = fc.subarray(DAYS)
    fc.assert(
      fc.property(days, days, (one, other) => {
        // The latest run of either may be older than a make-up reaches; both know of it.
        expect(join(after(one), after(other)).runs).toEqual(after([...one, ...other]).runs)
      }),
    )
  })

  it('ends in its time also where a run says less of its days than its ends do', () => {
    const run = (first: string, last: string) => ({
      ...after([]),
      runs: [{ first, last, length: 2 }],
    })
    const [joined] = join(run('2026-03-01', '2026-03-02'), run('2026-03-02', '9999-12-31')).runs
    expect(joined).toEqual({ first: '2026-03-01', last: '9999-12-31', length: 4 })
  })

  it('cards of a month are added up, and those of an earlier one forgotten', () => {
    const used = (month: string, count: number) => ({ ...after([]), cards: { month, used: count } })
    expect(join(used('2026-03', 1), used('2026-03', 2)).cards).toEqual({
      month: '2026-03',
      used: 3,
    })
    expect(join(used('2026-03', 1), used('2026-02', 2)).cards).toEqual({
      month: '2026-03',
      used: 1,
    })
    expect(join(after([]), used('2026-02', 2)).cards).toEqual({ month: '2026-02', used: 2 })
  })
})
