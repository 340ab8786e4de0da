import type { Calendar } from '@pointwell/plugin'

/*
 * The days before and after a day that there really were: where a zone skipped a date (Apia had no
 * 30 December 2011), a streak goes over it.
 */

export function previousDay(date: string, calendar: Calendar): string {
  return calendar.dateOf(calendar.startOf(date) - 1)
}

export function nextDay(date: string, calendar: Calendar): string {
  return calendar.dateOf(calendar.endOf(date))
}

/** Whether anybody lived through a date. */
export function isRealDay(date: string, calendar: Calendar): boolean {
  return calendar.startOf(date) < calendar.endOf(date)
}
