import { type Calendar, type MemberFacts, type Refusal, refuse } from '@pointwell/plugin'
import type { CheckInEvent } from '../event/check-in-event.js'
import type { CheckInMemory } from '../memory/check-in-memory.js'
import { findRun } from '../memory/join-day.js'
import { isRealDay, nextDay } from '../memory/neighbour-days.js'
import type { CheckInSettings } from '../settings/check-in-settings.js'
import { cardsLeft } from './make-up-cards.js'

export interface DayFacts {
  readonly event: CheckInEvent
  readonly memory: CheckInMemory
  readonly settings: CheckInSettings
  readonly member: Pick<MemberFacts, 'joinedAt'>
  readonly calendar: Calendar
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * Whether a day can be checked in for, in this order: EVENT_IN_FUTURE (`when`: the day begins),
 * INVALID_INPUT for a date that the zone skipped, ALREADY_CHECKED_IN (`when`: tomorrow begins), then for a make-up MAKE_UP_NOT_OFFERED, DAY_NOT_MISSED,
 * MAKE_UP_TOO_LATE (`limit`: days back; `when`: the oldest day that would do), NO_MAKE_UP_CARD (`limit`,
 * `when`: the next month begins), else CHECK_IN_OUT_OF_ORDER (`when`: the first day that would do).
 */
export function checkDay(facts: DayFacts): Refusal | null {
  const { event, memory, calendar, now } = facts
  const { date } = event
  const today = calendar.dateOf(now)
  if (date > today) {
    return refuse('EVENT_IN_FUTURE', { field: 'date', when: calendar.startOf(date) })
  }
  if (!isRealDay(date, calendar)) return refuse('INVALID_INPUT', { field: 'date' })
  if (findRun(memory.runs, date)) {
    return refuse('ALREADY_CHECKED_IN', { field: 'date', when: calendar.endOf(today) })
  }
  return event.makeUp ? checkMakeUp(facts, today) : checkOrder(facts)
}

function checkMakeUp(
  { event: { date }, memory, settings, member, calendar }: DayFacts,
  today: string,
): Refusal | null {
  const { enabled, maxDaysBack, cardsPerMonth } = settings.makeUp
  if (!enabled) return refuse('MAKE_UP_NOT_OFFERED')
  if (date === today || date < calendar.dateOf(member.joinedAt)) {
    return refuse('DAY_NOT_MISSED', { field: 'date' })
  }
  if (calendar.daysBetween(date, today) > maxDaysBack) {
    const oldest = calendar.startOf(calendar.addDays(today, -maxDaysBack))
    return refuse('MAKE_UP_TOO_LATE', { field: 'date', limit: maxDaysBack, when: oldest })
  }
  const month = today.slice(0, 7)
  if (cardsLeft(memory, month, settings) === 0) {
    return refuse('NO_MAKE_UP_CARD', {
      available: 0,
      needed: 1,
      limit: cardsPerMonth,
      when: calendar.endOf(calendar.endOfMonth(today, 0)),
    })
  }
  return null
}

/** Days are told in order; one that comes after a later one would change streaks that were paid for. */
function checkOrder({ event: { date }, memory, calendar }: DayFacts): Refusal | null {
  const last = memory.runs.at(-1)?.last
  if (last === undefined || date > last) return null
  return refuse('CHECK_IN_OUT_OF_ORDER', {
    field: 'date',
    when: calendar.startOf(nextDay(last, calendar)),
  })
}
