import type { DayFacts } from '../decision/check-day.js'
import { checkDay } from '../decision/check-day.js'
import { cardsLeft } from '../decision/make-up-cards.js'
import { previousDay } from '../memory/neighbour-days.js'
import type { CheckInSettings } from '../settings/check-in-settings.js'
import { bonusOn } from '../streak/streak-bonus.js'

export interface CheckInProgress {
  /** Today in the programme's zone, `YYYY-MM-DD`. */
  readonly today: string
  readonly checkedIn: boolean
  /** Days on end up to today, or up to yesterday while today is still open. */
  readonly streak: number
  /** What today's check-in gives (or gave), and tomorrow's after it; without campaigns. */
  readonly pointsToday: number
  readonly pointsTomorrow: number
  /** The next entry of the table: extra points in so many more check-ins; null: none is left. */
  readonly nextBonus: { readonly points: number; readonly checkIns: number } | null
  readonly cardsLeft: number
  /** Missed days that can be made up for now, the latest first. */
  readonly missed: readonly string[]
}

/** How far a member has come (E14): pure, for a task centre. */
export function checkInProgress(facts: Omit<DayFacts, 'event'>): CheckInProgress {
  const { memory, settings, calendar, now } = facts
  const today = calendar.dateOf(now)
  const latest = memory.runs.at(-1)
  const checkedIn = latest?.last === today
  const alive = checkedIn || latest?.last === previousDay(today, calendar)
  const streak = alive ? (latest?.length ?? 0) : 0
  const dayToday = checkedIn ? streak : streak + 1
  return {
    today,
    checkedIn,
    streak,
    pointsToday: settings.points + bonusOn(dayToday, settings),
    pointsTomorrow: settings.points + bonusOn(dayToday + 1, settings),
    nextBonus: findNextBonus(streak, settings),
    cardsLeft: cardsLeft(memory, today.slice(0, 7), settings),
    missed: missedDays(facts, today),
  }
}

function findNextBonus(streak: number, settings: CheckInSettings): CheckInProgress['nextBonus'] {
  const longest = Math.max(0, ...Object.keys(settings.streaks).map(Number))
  for (let checkIns = 1; checkIns <= longest; checkIns += 1) {
    const points = bonusOn(streak + checkIns, settings)
    if (points > 0) return { points, checkIns }
  }
  return null
}

function missedDays(facts: Omit<DayFacts, 'event'>, today: string): string[] {
  const { settings, calendar } = facts
  return Array.from({ length: settings.makeUp.maxDaysBack }, (_, back) =>
    calendar.addDays(today, -back - 1),
  ).filter((date) => checkDay({ ...facts, event: { date, makeUp: true } }) === null)
}
