/*
 * Days as Berlin counts them, by the rule of its law and by nothing of the product: one hour before UTC,
 * two from the last Sunday of March to the last Sunday of October, both at 01:00 UTC. A day is a whole
 * number: so many days since 1970-01-01.
 */

export const ZONE = 'Europe/Berlin'
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS
}

export function parseDay(iso: string): number {
  return Date.parse(`${iso}T00:00:00Z`) / DAY_MS
}

export function isoOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

export function partsOf(day: number): { year: number; month: number; day: number } {
  const date = new Date(day * DAY_MS)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** So many months since the year 0: months one after the other. */
export function monthOf(day: number): number {
  const { year, month } = partsOf(day)
  return year * 12 + month - 1
}

function lastSunday(year: number, month: number): number {
  const last = dayOf(year, month + 1, 0)
  return last - ((last + 4) % 7)
}

function offsetMs(at: number): number {
  const year = new Date(at).getUTCFullYear()
  const from = lastSunday(year, 3) * DAY_MS + HOUR_MS
  const until = lastSunday(year, 10) * DAY_MS + HOUR_MS
  return at >= from && at < until ? 2 * HOUR_MS : HOUR_MS
}

export function dateOf(at: number): number {
  return Math.floor((at + offsetMs(at)) / DAY_MS)
}

/** The first instant of a day. Clocks change after midnight. */
export function startOf(day: number): number {
  const summer = day * DAY_MS - 2 * HOUR_MS
  return offsetMs(summer) === 2 * HOUR_MS ? summer : day * DAY_MS - HOUR_MS
}

/** The first instant after a day. */
export function endOf(day: number): number {
  return startOf(day + 1)
}

/** The last day of the month that is so many months later. */
export function endOfMonth(day: number, months = 0): number {
  const { year, month } = partsOf(day)
  return dayOf(year, month + months + 1, 0)
}

/** The same day of a later month, or its last one where it has no such day. */
export function addMonths(day: number, months: number): number {
  const { year, month, day: ofMonth } = partsOf(day)
  return Math.min(dayOf(year, month + months, ofMonth), endOfMonth(day, months))
}

/** The Monday of its week. 1970-01-01 was a Thursday. */
export function weekOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7)
}
