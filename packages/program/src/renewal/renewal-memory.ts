import type { Calendar } from '@pointwell/plugin'
import type { WaitingSpend } from '../tier/qualifying-spend.js'

/** Spend is kept by day for so long: the longest window that a policy can ask for. */
export const KEPT_DAYS = 60

/** A lot may last longer than its renewal said, because somebody extends it or its points come back after
 * its end: so long after that end it is still known how often it was renewed. */
const KEPT_AFTER_MS = 400 * 86_400_000

/** How often tasks have renewed a lot, and the end that it had by that, epoch milliseconds. */
export interface Renewed {
  readonly times: number
  readonly until: number
}

/** What of a member's state renewals go by (X5). */
export interface RenewalMemory {
  /** Confirmed spend in minor units, by the day on which it was confirmed. */
  readonly spentByDay: Readonly<Record<string, number>>
  /** By the lot's `seq`. */
  readonly renewed: Readonly<Record<string, Renewed>>
}

/** Adds to a day's spend, or takes away: what was returned counts no more. */
export function addSpentOn(
  spentByDay: RenewalMemory['spentByDay'],
  { date, minor }: { date: string; minor: number },
): RenewalMemory['spentByDay'] {
  const sum = (spentByDay[date] ?? 0) + minor
  const { [date]: _, ...others } = spentByDay
  return sum > 0 ? { ...others, [date]: sum } : others
}

/** With the orders that have confirmed by themselves by `now`, each on its own day. */
export function withSettled(
  spentByDay: RenewalMemory['spentByDay'],
  waiting: Readonly<Record<string, WaitingSpend>>,
  { now, calendar }: { now: number; calendar: Calendar },
): RenewalMemory['spentByDay'] {
  let spent = spentByDay
  for (const { confirmAt, minor, spentMinor = minor } of Object.values(waiting)) {
    if (confirmAt === null || confirmAt > now) continue
    spent = addSpentOn(spent, { date: calendar.dateOf(confirmAt), minor: spentMinor })
  }
  return spent
}

/** Without days that no window reaches any more, and lots that ended long ago. */
export function withoutPastRenewals(
  { spentByDay, renewed }: RenewalMemory,
  { now, calendar }: { now: number; calendar: Calendar },
): RenewalMemory {
  const oldest = calendar.addDays(calendar.dateOf(now), -KEPT_DAYS)
  return {
    spentByDay: Object.fromEntries(Object.entries(spentByDay).filter(([day]) => day >= oldest)),
    renewed: Object.fromEntries(
      Object.entries(renewed).filter(([, { until }]) => until + KEPT_AFTER_MS > now),
    ),
  }
}
