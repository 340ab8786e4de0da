import { type Calendar, type Refusal, refuse } from '@pointwell/plugin'
import type { BehaviourEvent } from '../event/behaviour-event.js'
import type { BehaviourMemory } from '../memory/behaviour-memory.js'
import { periodOf } from '../period/period-of.js'
import { type BehaviourSettings, findBehaviour } from '../settings/behaviour-settings.js'
import { roomIn } from './room-in.js'

/** The furthest that the programme lets another system's clock be ahead. */
const MOST_AHEAD_MS = 86_400_000

export interface ActFacts {
  readonly event: BehaviourEvent
  readonly memory: BehaviourMemory
  readonly settings: BehaviourSettings
  readonly calendar: Calendar
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * Whether an act earns by its behaviour, in this order: EVENT_IN_FUTURE (`when` it could be sent),
 * BEHAVIOUR_NOT_FOUND, BEHAVIOUR_NOT_ACTIVE, BEHAVIOUR_TOO_LATE (`limit` in days, `when`: the oldest
 * moment that would do), BEHAVIOUR_LIMIT_REACHED (`limit` in times) and BEHAVIOUR_POINTS_REACHED
 * (`limit` in points), both with `when` it is possible again, unless it never is.
 */
export function checkAct({ event, memory, settings, calendar, now }: ActFacts): Refusal | null {
  const { behaviour: id, at } = event
  if (at > now + MOST_AHEAD_MS) {
    return refuse('EVENT_IN_FUTURE', { field: 'at', when: at - MOST_AHEAD_MS })
  }
  const behaviour = findBehaviour(settings, id)
  if (!behaviour) return refuse('BEHAVIOUR_NOT_FOUND', { field: 'behaviour' })
  if (!behaviour.active) return refuse('BEHAVIOUR_NOT_ACTIVE', { field: 'behaviour' })

  const late = checkLate({ event, memory, settings, calendar, now })
  if (late) return late

  const room = roomIn({ id, behaviour, memory, calendar, at })
  if (room.times > 0 && room.points > 0) return null
  const when = room.againAt === null ? {} : { when: room.againAt }
  const figures = { field: 'behaviour', available: 0, ...when }
  return room.times === 0
    ? refuse('BEHAVIOUR_LIMIT_REACHED', { ...figures, limit: behaviour.times })
    : refuse('BEHAVIOUR_POINTS_REACHED', { ...figures, limit: behaviour.pointsLimit! })
}

/** What happened in a period that may have been forgotten cannot be counted any more. */
function checkLate({ event, memory, settings, calendar, now }: ActFacts): Refusal | null {
  const { per } = findBehaviour(settings, event.behaviour)!
  if (per === 'ever') return null
  const allowed = calendar.startOf(calendar.addDays(calendar.dateOf(now), -settings.daysLate))
  const remembered = memory.forgottenBefore === null ? 0 : calendar.startOf(memory.forgottenBefore)
  const since = Math.max(allowed, remembered)
  if (periodOf(per, event.at, calendar).end > since) return null
  return refuse('BEHAVIOUR_TOO_LATE', {
    field: 'at',
    limit: settings.daysLate,
    when: periodOf(per, since, calendar).start,
  })
}
