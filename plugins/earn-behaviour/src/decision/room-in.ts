import type { Calendar } from '@pointwell/plugin'
import type { BehaviourMemory, Tally } from '../memory/behaviour-memory.js'
import { findTally } from '../memory/find-tally.js'
import { type Period, periodAfter, periodOf, type Recurring } from '../period/period-of.js'
import { type Behaviour, MOST_POINTS } from '../settings/behaviour-settings.js'

export interface Room {
  /** The period of the act; null: the behaviour is counted for ever. */
  readonly period: Period | null
  /** How many times are left in it. */
  readonly times: number
  /** Points left in it. Without a limit of points: more than one act can earn. */
  readonly points: number
  /** Where nothing is left: from when on there is again, epoch milliseconds; null: never. */
  readonly againAt: number | null
}

/** What is left of a behaviour's limits for an act at `at`, epoch milliseconds. */
export function roomIn({
  id,
  behaviour,
  memory,
  calendar,
  at,
}: {
  readonly id: string
  readonly behaviour: Behaviour
  readonly memory: BehaviourMemory
  readonly calendar: Calendar
  readonly at: number
}): Room {
  const { per } = behaviour
  const left = (period: Period | null) => leftOf(behaviour, findTally(memory, id, period))
  if (per === 'ever') return { period: null, ...left(null), againAt: null }
  const period = periodOf(per, at, calendar)
  const room = left(period)
  if (isOpen(room)) return { period, ...room, againAt: null }
  return { period, ...room, againAt: nextOpen(per, period, { left, calendar }) }
}

interface Left {
  readonly times: number
  readonly points: number
}

function leftOf({ times, pointsLimit }: Behaviour, [done, earned]: Tally): Left {
  return {
    times: Math.max(0, times - done),
    points: pointsLimit === null ? MOST_POINTS : Math.max(0, pointsLimit - earned),
  }
}

function isOpen({ times, points }: Left): boolean {
  return times > 0 && points > 0
}

/** The few periods that are remembered may be full as well; the one after them is not. */
function nextOpen(
  per: Recurring,
  from: Period,
  { left, calendar }: { left: (period: Period) => Left; calendar: Calendar },
): number | null {
  for (let next = periodAfter(per, from, calendar); next; next = periodAfter(per, next, calendar)) {
    if (isOpen(left(next))) return next.start
  }
  return null
}
