import type { JoinContext } from '@pointwell/plugin'
import type { CheckInMemory, Run } from './check-in-memory.js'
import { forgetOldRuns, joinDay } from './join-day.js'

/** Days of both, as if one member had checked in on each of them: runs that meet are one run. Cards that
 * both used in the same month are added up. */
export function joinMemories({
  from,
  into,
  calendar,
  now,
}: JoinContext<CheckInMemory>): CheckInMemory {
  const all = [...from.memory.runs, ...into.memory.runs].sort((a, b) =>
    a.first < b.first ? -1 : 1,
  )
  const runs: Run[] = []
  for (const run of all) {
    const last = runs.at(-1)
    if (!last || !meet(last, run, calendar)) runs.push(run)
    else runs[runs.length - 1] = joined(last, run, calendar)
  }
  return {
    runs: forgetOldRuns(runs, calendar.dateOf(now), calendar),
    cards: joinCards(from.memory.cards, into.memory.cards),
  }
}

type Calendar = JoinContext<CheckInMemory>['calendar']

function meet(one: Run, other: Run, calendar: Calendar): boolean {
  return other.first <= one.last || joinDay([one], other.first, calendar).before > 0
}

/** `one` begins first. Days that both have count once. */
function joined(one: Run, other: Run, calendar: Calendar): Run {
  if (other.last <= one.last) return one
  let days = 0
  let at = calendar.endOf(one.last)
  // No more of them than the other has: that ends in its time whatever is remembered.
  for (; days < other.length && calendar.dateOf(at) <= other.last; days += 1) {
    at = calendar.endOf(calendar.dateOf(at))
  }
  return { first: one.first, last: other.last, length: one.length + days }
}

function joinCards(
  one: CheckInMemory['cards'],
  other: CheckInMemory['cards'],
): CheckInMemory['cards'] {
  if (!one || !other) return one ?? other
  if (one.month !== other.month) return one.month > other.month ? one : other
  return { month: one.month, used: Math.min(1_000, one.used + other.used) }
}
