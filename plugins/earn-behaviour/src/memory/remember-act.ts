import type { Calendar } from '@pointwell/plugin'
import { endOfKey, type Period } from '../period/period-of.js'
import {
  type BehaviourSettings,
  MOST_BEHAVIOURS,
  MOST_DAYS_LATE,
  MOST_POINTS_A_PERIOD,
} from '../settings/behaviour-settings.js'
import { type BehaviourMemory, type Done, MOST_COUNTED, type Tally } from './behaviour-memory.js'
import { findTally } from './find-tally.js'

/**
 * The memory after one more act. Periods that nobody can tell of any more are forgotten, and behaviours
 * that are no longer in the settings once there is no room for them.
 */
export function rememberAct(
  memory: BehaviourMemory,
  {
    id,
    period,
    points,
    settings,
    calendar,
    now,
  }: {
    readonly id: string
    /** That of the act; null: the behaviour is counted for ever. */
    readonly period: Period | null
    readonly points: number
    readonly settings: Pick<BehaviourSettings, 'behaviours'>
    readonly calendar: Calendar
    /** Epoch milliseconds. */
    readonly now: number
  },
): BehaviourMemory {
  const forgottenBefore = laterDay(
    memory.forgottenBefore,
    calendar.addDays(calendar.dateOf(now), -MOST_DAYS_LATE),
  )
  const own = Object.hasOwn(memory.done, id) ? memory.done[id] : undefined
  const kept = Object.entries(own?.periods ?? {}).filter(([key]) => key[0] === period?.key[0])
  const counted: Done = {
    ever: plusOne(findTally(memory, id, null), points),
    periods: period
      ? {
          ...Object.fromEntries(kept),
          [period.key]: plusOne(findTally(memory, id, period), points),
        }
      : {},
  }
  const all = Object.entries({ ...memory.done, [id]: counted })
  const before = calendar.startOf(forgottenBefore)
  return {
    done: Object.fromEntries(
      withoutSurplus(all, settings).map(([name, done]) => [
        name,
        { ...done, periods: withoutEnded(done.periods, before, calendar) },
      ]),
    ),
    forgottenBefore,
  }
}

function plusOne([times, points]: Tally, more: number): Tally {
  return [Math.min(times + 1, MOST_COUNTED), Math.min(points + more, MOST_POINTS_A_PERIOD)]
}

function withoutEnded(
  periods: Done['periods'],
  before: number,
  calendar: Calendar,
): Done['periods'] {
  return Object.fromEntries(
    Object.entries(periods).filter(([key]) => endOfKey(key, calendar) > before),
  )
}

function withoutSurplus(
  all: readonly (readonly [string, Done])[],
  { behaviours }: Pick<BehaviourSettings, 'behaviours'>,
): readonly (readonly [string, Done])[] {
  let surplus = all.length - MOST_BEHAVIOURS
  return all.filter(([id]) => Object.hasOwn(behaviours, id) || surplus-- <= 0)
}

function laterDay(one: string | null, other: string): string {
  return one !== null && one > other ? one : other
}
