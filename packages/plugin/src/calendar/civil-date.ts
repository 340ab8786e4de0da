/** Arithmetic on dates alone, `YYYY-MM-DD`, proleptic Gregorian: no zone has a say in it. Fast, as
 * every decision does some. */

const DAY_MS = 86_400_000
const PATTERN = /^\d{4}-\d{2}-\d{2}$/

/** Days since 1970-01-01. Throws RangeError for what is not a date. */
export function dayNumberOf(date: string): number {
  const at = PATTERN.test(date) ? Date.parse(date) : Number.NaN
  // Date.parse takes 2021-02-30 for the 2nd of March; a date must come back as it went in.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) {
    throw new RangeError(`Not a date of the form YYYY-MM-DD: ${String(date).slice(0, 40)}`)
  }
  return at / DAY_MS
}

export function dateOfDayNumber(dayNumber: number): string {
  const date = new Date(dayNumber * DAY_MS)
  const year = date.getUTCFullYear()
  if (!(year >= 0 && year <= 9999)) throw new RangeError('A date outside the years 0 to 9999.')
  return date.toISOString().slice(0, 10)
}

/** By ISO 8601: 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: string): number {
  // 1970-01-01 was a Thursday; dates before it have negative numbers.
  return ((((dayNumberOf(date) + 3) % 7) + 7) % 7) + 1
}

export function addDaysTo(date: string, days: number): string {
  if (!Number.isSafeInteger(days)) throw new RangeError(`Not a whole number of days: ${days}`)
  return dateOfDayNumber(dayNumberOf(date) + days)
}

/** The same day `months` later, or the last day of that month when it is shorter. */
export function addMonthsTo(date: string, months: number): string {
  dayNumberOf(date)
  const month = monthNumberOf(date) + wholeMonths(months)
  const day = Math.min(Number(date.slice(8)), lengthOfMonth(month))
  return dateOfDayNumber(Date.UTC(Math.floor(month / 12), modulo12(month), 1) / DAY_MS + day - 1)
}

/** Last day of the month that lies `months` after the month of `date`. */
export function endOfMonthAfter(date: string, months: number): string {
  dayNumberOf(date)
  const month = monthNumberOf(date) + wholeMonths(months) + 1
  return dateOfDayNumber(Date.UTC(Math.floor(month / 12), modulo12(month), 1) / DAY_MS - 1)
}

/** Months since January of year 0. */
function monthNumberOf(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1
}

function lengthOfMonth(month: number): number {
  return new Date(Date.UTC(Math.floor(month / 12), modulo12(month) + 1, 0)).getUTCDate()
}

function modulo12(month: number): number {
  return ((month % 12) + 12) % 12
}

function wholeMonths(months: number): number {
  if (!Number.isSafeInteger(months)) throw new RangeError(`Not a whole number of months: ${months}`)
  return months
}
