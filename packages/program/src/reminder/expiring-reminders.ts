import type { Lot } from '@pointwell/ledger'
import type { Calendar } from '@pointwell/plugin'

/** One reminder of points that run out on the same day. */
export interface ExpiringReminder {
  /** The last day on which they are usable. */
  readonly date: string
  /** Which of the operator's reminders it is: so many days before. */
  readonly daysBefore: number
  /** So many days are left: fewer, where nobody could be told in time. */
  readonly daysLeft: number
  readonly points: number
}

/**
 * The reminders that a wallet's open lots call for today (X6), the soonest day first: for each last day the
 * latest reminder whose time has come. Earlier ones that nobody sent, because a server was down, are
 * passed over: to be told twice in one minute helps nobody.
 */
export function expiringReminders(
  lots: readonly Pick<Lot, 'available' | 'expiresAt'>[],
  {
    today,
    daysBefore,
    calendar,
  }: { today: string; daysBefore: readonly number[]; calendar: Calendar },
): ExpiringReminder[] {
  const byDate = new Map<string, number>()
  for (const { available, expiresAt } of lots) {
    if (available === 0 || expiresAt === null) continue
    const date = calendar.dateOf(expiresAt - 1)
    byDate.set(date, (byDate.get(date) ?? 0) + available)
  }
  return [...byDate]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([date, points]) => {
      const left = calendar.daysBetween(today, date)
      const come = daysBefore.filter((days) => left >= 0 && left <= days)
      return come.length === 0
        ? []
        : [{ date, daysBefore: Math.min(...come), daysLeft: left, points }]
    })
}
