import type { Calendar } from '@pointwell/plugin'
import { MOST_DAYS_BACK } from '../settings/check-in-settings.js'
import type { Run } from './check-in-memory.js'
import { nextDay, previousDay } from './neighbour-days.js'

export interface Joined {
  readonly runs: readonly Run[]
  /** The run that the day is in now. */
  readonly run: Run
  /** How long the runs on both sides of it were, 0 where there was none. */
  readonly before: number
  readonly after: number
}

/** The run that a day is in; undefined when it is in none that is remembered. */
export function findRun(runs: readonly Run[], date: string): Run | undefined {
  return runs.find(({ first, last }) => first <= date && date <= last)
}

/** Adds a day that is in no run, joining the runs it touches. */
export function joinDay(runs: readonly Run[], date: string, calendar: Calendar): Joined {
  const left = runs.find(({ last }) => last === previousDay(date, calendar))
  const right = runs.find(({ first }) => first === nextDay(date, calendar))
  const before = left?.length ?? 0
  const after = right?.length ?? 0
  const run = {
    first: left?.first ?? date,
    last: right?.last ?? date,
    length: before + 1 + after,
  }
  const others = runs.filter((other) => other !== left && other !== right)
  return {
    runs: [...others, run].sort((a, b) => (a.first < b.first ? -1 : 1)),
    run,
    before,
    after,
  }
}

/** Without the runs that no make-up can touch any more; the latest stays. */
export function forgetOldRuns(runs: readonly Run[], today: string, calendar: Calendar): Run[] {
  const oldest = calendar.addDays(today, -MOST_DAYS_BACK - 1)
  return runs.filter(({ last }, index) => last >= oldest || index === runs.length - 1)
}
