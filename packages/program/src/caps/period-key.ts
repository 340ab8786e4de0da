import type { Calendar } from '@pointwell/plugin'
import type { CapPeriod } from '../policy/policy-sections.js'

/** Some Monday; weeks are counted from it. */
const A_MONDAY = '1970-01-05'

/**
 * Names the day, week (from Monday), month or year that a local date lies in: `D2026-01-05`,
 * `W2026-01-05`, `M2026-01`, `Y2026`; `L` is for ever.
 */
export function periodKey(period: CapPeriod, date: string, calendar: Calendar): string {
  switch (period) {
    case 'day':
      return `D${date}`
    case 'week':
      return `W${mondayOf(date, calendar)}`
    case 'month':
      return `M${date.slice(0, 7)}`
    case 'year':
      return `Y${date.slice(0, 4)}`
    case 'lifetime':
      return 'L'
  }
}

/** The first instant after the period that `date` lies in, epoch milliseconds; null: never. */
export function periodEnd(period: CapPeriod, date: string, calendar: Calendar): number | null {
  switch (period) {
    case 'day':
      return calendar.endOf(date)
    case 'week':
      return calendar.endOf(calendar.addDays(mondayOf(date, calendar), 6))
    case 'month':
      return calendar.endOf(calendar.endOfMonth(date, 0))
    case 'year':
      return calendar.endOf(`${date.slice(0, 4)}-12-31`)
    case 'lifetime':
      return null
  }
}

/** Whether the period that a key ends with was over before the day `date`. */
export function isOver(key: string, date: string, calendar: Calendar): boolean {
  const name = key.slice(key.lastIndexOf(':') + 1)
  const day = name.slice(1)
  switch (name[0]) {
    case 'D':
      return day < date
    case 'W':
      return calendar.addDays(day, 6) < date
    case 'M':
      return day < date.slice(0, 7)
    case 'Y':
      return day < date.slice(0, 4)
    default:
      return false
  }
}

function mondayOf(date: string, calendar: Calendar): string {
  const days = calendar.daysBetween(A_MONDAY, date) % 7
  return calendar.addDays(date, -(days < 0 ? days + 7 : days))
}
