import type { Calendar } from '@pointwell/plugin'
import { roomIn } from '../decision/room-in.js'
import type { BehaviourMemory } from '../memory/behaviour-memory.js'
import type { Behaviour, BehaviourSettings, Per } from '../settings/behaviour-settings.js'

/** One behaviour as a task centre shows it. */
export interface BehaviourProgress {
  readonly id: string
  readonly title: Behaviour['title']
  /** Points for doing it once; without campaigns and the programme's caps. */
  readonly points: number
  /** How often it earns: so many times a period. */
  readonly times: number
  readonly per: Per
  /** Points that it gives in a period at most; null: no limit but `times`. */
  readonly pointsLimit: number | null
  /** How many times are left in this period; 0 also where its points are used up. */
  readonly left: number
  /** Points left in this period under `pointsLimit`; null: there is no such limit. */
  readonly pointsLeft: number | null
  /** Where none is left: from when on it earns again, epoch milliseconds; null: now, or never. */
  readonly againAt: number | null
}

/**
 * The behaviours that are open to a member (E14): pure, for a task centre. First what can be done
 * once and is still to be done (beginners' tasks), then what can be done now, then what is done; in each
 * in the operator's order. What an operator switched off is not among them.
 */
export function behaviourProgress({
  memory,
  settings,
  calendar,
  now,
}: {
  readonly memory: BehaviourMemory
  readonly settings: BehaviourSettings
  readonly calendar: Calendar
  /** Epoch milliseconds. */
  readonly now: number
}): BehaviourProgress[] {
  return Object.entries(settings.behaviours)
    .filter(([, { active }]) => active)
    .map(([id, behaviour]) => {
      const { title, points, times, per, pointsLimit } = behaviour
      const room = roomIn({ id, behaviour, memory, calendar, at: now })
      return {
        id,
        title,
        points,
        times,
        per,
        pointsLimit,
        left: room.points > 0 ? room.times : 0,
        pointsLeft: pointsLimit === null ? null : room.points,
        againAt: room.againAt,
      }
    })
    .sort((a, b) => placeOf(a) - placeOf(b))
}

function placeOf({ per, left }: BehaviourProgress): number {
  if (left === 0) return 2
  return per === 'ever' ? 0 : 1
}
