import { type Calendar, LATEST_INSTANT } from '@pointwell/plugin'
import type { Per } from '../settings/behaviour-settings.js'

/** What comes again; `ever` does not. */
export type Recurring = Exclude<Per, 'ever'>

/** A day, week, month or year of the programme's calendar. */
export interface Period {
  /** `d2021-05-03`, `w2021-05-03`, `m2021-05-01`, `y2021-01-01`: its kind and its first day. */
  readonly key: string
  /** Its first instant, and the first one after it; epoch milliseconds. */
  readonly start: number
  readonly end: number
}

/** Some Monday; weeks are counted from it. */
const A_MONDAY = '1970-01-05'
const LAST_DAY = '9999-12-31'
const KINDS: Readonly<Record<string, Recurring>> = { d: 'day', w: 'week', m: 'month', y: 'year' }

/** The period that an instant (epoch milliseconds) lies in. */
export function periodOf(per: Recurring, at: number, calendar: Calendar): Period {
  return periodFrom(per, firstDay(per, calendar.dateOf(at), calendar), calendar)
}

/** The period that comes after one; null at the end of the calendar. */
export function periodAfter(per: Recurring, { end }: Period, calendar: Calendar): Period | null {
  return end >= LATEST_INSTANT ? null : periodOf(per, end, calendar)
}

/** The first instant after the period of a key, epoch milliseconds. */
export function endOfKey(key: string, calendar: Calendar): number {
  return periodFrom(KINDS[key[0]!]!, key.slice(1), calendar).end
}

function periodFrom(per: Recurring, first: string, calendar: Calendar): Period {
  return {
    key: `${per[0]}${first}`,
    start: calendar.startOf(first),
    // No instant is accepted beyond, wherever the last day of the calendar ends.
    end: Math.min(calendar.endOf(lastDay(per, first, calendar)), LATEST_INSTANT),
  }
}

function firstDay(per: Recurring, date: string, calendar: Calendar): string {
  switch (per) {
    case 'day':
      return date
    case 'week': {
      const days = calendar.daysBetween(A_MONDAY, date) % 7
      return calendar.addDays(date, -(days < 0 ? days + 7 : days))
    }
    case 'month':
      return `${date.slice(0, 7)}-01`
    case 'year':
      return `${date.slice(0, 4)}-01-01`
  }
}

function lastDay(per: Recurring, first: string, calendar: Calendar): string {
  switch (per) {
    case 'day':
      return first
    case 'week':
      return calendar.daysBetween(first, LAST_DAY) < 6 ? LAST_DAY : calendar.addDays(first, 6)
    case 'month':
      return calendar.endOfMonth(first, 0)
    case 'year':
      return `${first.slice(0, 4)}-12-31`
  }
}
