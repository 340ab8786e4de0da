import { Temporal } from 'temporal-polyfill'
import type { Calendar } from '../contract/plugin.js'
import { LATEST_INSTANT } from '../schema/limits.js'
import {
  addDaysTo,
  addMonthsTo,
  dateOfDayNumber,
  dayNumberOf,
  endOfMonthAfter,
  weekdayOf,
} from './civil-date.js'

const DAY_MS = 86_400_000
/** About eleven years of days; then the cache starts again from empty. */
const MOST_CACHED_DAYS = 4096

/** No date has five digits of year: where a zone is ahead of UTC, the last day lasts a little longer. */
const LAST_DAY = Date.UTC(9999, 11, 31) / DAY_MS
const FIRST_INSTANT = Date.parse('0001-01-02T00:00:00Z')

/** A local day, up to the next day's first instant, epoch milliseconds. */
interface LocalDay {
  readonly date: string
  readonly end: number
}

const opened = new Map<string, Calendar>()

/**
 * The days and months of a time zone (IANA name). Throws RangeError for a zone nobody knows.
 *
 * A day lasts from its first instant to the first instant of the next day, so every instant lies in
 * exactly one day, and days follow each other, whatever clocks do: a day can have 23 or 25 hours,
 * begin at 01:00 (where midnight was skipped), or not be at all (30 December 2011 in Apia: it starts
 * where it ends, and no instant has that date). Where a clock was set back over midnight, the hour
 * that it showed the old date again belongs to the new day.
 */
export function openCalendar(zone: string): Calendar {
  const known = opened.get(zone)
  if (known) return known
  const calendar = makeCalendar(zone)
  opened.set(zone, calendar)
  return calendar
}

function makeCalendar(zone: string): Calendar {
  // Asking once finds out whether the zone exists; a programme does not start with a wrong one.
  Temporal.PlainDate.from('2000-01-01').toZonedDateTime(zone)

  const starts = new Map<number, number>()
  const daysByUtcDay = new Map<number, readonly LocalDay[]>()

  function startOfDay(dayNumber: number): number {
    const cached = starts.get(dayNumber)
    if (cached !== undefined) return cached
    const day = new Date(dayNumber * DAY_MS)
    const start = new Temporal.PlainDate(
      day.getUTCFullYear(),
      day.getUTCMonth() + 1,
      day.getUTCDate(),
    ).toZonedDateTime(zone).epochMilliseconds
    if (starts.size >= MOST_CACHED_DAYS) starts.clear()
    starts.set(dayNumber, start)
    return start
  }

  /** The day of an instant, found without the cache. */
  function findDay(at: number): LocalDay {
    const shown = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    let dayNumber = Date.UTC(shown.year, shown.month - 1, shown.day) / DAY_MS
    // Where a clock was set back over midnight it shows the old date again, in a day that has begun.
    // So far no zone has done so at a midnight of UTC, the only such moment that is asked for here.
    while (startOfDay(dayNumber + 1) <= at) dayNumber += 1
    const date = dateOfDayNumber(Math.min(dayNumber, LAST_DAY))
    return { date, end: startOfDay(dayNumber + 1) }
  }

  /** The few local days that a day of UTC touches. */
  function daysOfUtcDay(utcDay: number): readonly LocalDay[] {
    const last = (utcDay + 1) * DAY_MS - 1
    const days = [findDay(utcDay * DAY_MS)]
    while (days.at(-1)!.end <= last) days.push(findDay(days.at(-1)!.end))
    if (daysByUtcDay.size >= MOST_CACHED_DAYS) daysByUtcDay.clear()
    daysByUtcDay.set(utcDay, days)
    return days
  }

  function dateOf(at: number): string {
    if (!(Number.isSafeInteger(at) && at >= FIRST_INSTANT && at <= LATEST_INSTANT)) {
      throw new RangeError(`Not an instant of the years 1 to 9999, in milliseconds: ${at}`)
    }
    const utcDay = Math.floor(at / DAY_MS)
    const days = daysByUtcDay.get(utcDay) ?? daysOfUtcDay(utcDay)
    for (const day of days) if (at < day.end) return day.date
    throw new Error('A day of UTC is always covered by its local days.')
  }

  return Object.freeze({
    zone,
    dateOf,
    startOf: (date: string) => startOfDay(dayNumberOf(date)),
    endOf: (date: string) => startOfDay(dayNumberOf(date) + 1),
    addDays: addDaysTo,
    addMonths: addMonthsTo,
    endOfMonth: endOfMonthAfter,
    daysBetween: (from: string, to: string) => dayNumberOf(to) - dayNumberOf(from),
    weekday: weekdayOf,
  })
}
