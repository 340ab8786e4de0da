import { exact } from '@pointwell/economy'
import { type Calendar, minorDigits } from '@pointwell/plugin'
import type { PolicyDocument, TierLevel } from '../policy/policy-document.js'
import { type QualifyingSpend, sumSpend } from './qualifying-spend.js'
import { floorAt, type TierFloor } from './tier-floor.js'

/** What a tier is derived from, besides the policy. `at`: epoch milliseconds. */
export interface TierQuestion {
  readonly qualifying: QualifyingSpend
  /** What operators gave; default: nothing. */
  readonly floors?: readonly TierFloor[]
  readonly at: number
  readonly calendar: Calendar
}

type TierPolicy = Pick<PolicyDocument, 'tiers' | 'programme'>

/** Months from the first through the last, `YYYY-MM`. */
interface Months {
  readonly from: string
  readonly through: string
}

const THE_BEGINNING = '0000-00'

/**
 * A member's tier at a moment (M3): the highest that is earned by the spend of the current period,
 * or of the one before (a tier is lost only when a period ends), or, for so many days of grace
 * after that, of the period before those. With rolling months the window moves with each month. It is
 * at least what an operator gave.
 */
export function deriveTier(policy: TierPolicy, question: TierQuestion): TierLevel {
  let best = policy.tiers.levels[0]!
  let rank = 0
  for (const months of periodsThatCount(policy, question)) {
    const spent = sumSpend(question.qualifying, { ...months, at: question.at })
    const { levels } = policy.tiers
    for (let next = rank + 1; next < levels.length; next++) {
      if (thresholdMinor(policy, levels[next]!) > spent) break
      best = levels[next]!
      rank = next
    }
  }
  const given = floorAt(question.floors ?? [], question.at)?.tier
  const least = policy.tiers.levels.findIndex(({ id }) => id === given)
  return least > rank ? policy.tiers.levels[least]! : best
}

export interface TierProgress {
  /** Qualifying spend of the current period, minor units. */
  readonly spentMinor: number
  /** The next tier above the present one, and what is missing to it in this period. */
  readonly next: { readonly level: TierLevel; readonly missingMinor: number } | null
  /** The first instant after the current period, epoch milliseconds; null: it has no end. */
  readonly until: number | null
}

/** How far a member is on the way to the next tier. */
export function tierProgress(policy: TierPolicy, question: TierQuestion): TierProgress {
  const { calendar, at, qualifying } = question
  const date = calendar.dateOf(at)
  const spentMinor = sumSpend(qualifying, { ...currentPeriod(policy, date, calendar), at })
  const { levels, period } = policy.tiers
  const level = levels[levels.indexOf(deriveTier(policy, question)) + 1]
  const missingMinor = level ? Math.max(0, thresholdMinor(policy, level) - spentMinor) : 0
  return {
    spentMinor,
    next: level ? { level, missingMinor } : null,
    until:
      period.type === 'lifetime'
        ? null
        : calendar.endOf(
            period.type === 'calendar-year'
              ? `${date.slice(0, 4)}-12-31`
              : calendar.endOfMonth(date, 0),
          ),
  }
}

function* periodsThatCount(policy: TierPolicy, { at, calendar }: TierQuestion): Generator<Months> {
  const date = calendar.dateOf(at)
  const { period, graceDays } = policy.tiers
  yield currentPeriod(policy, date, calendar)
  if (period.type === 'calendar-year') {
    const year = Number(date.slice(0, 4))
    yield yearOf(year - 1)
    if (calendar.daysBetween(`${date.slice(0, 4)}-01-01`, date) < graceDays) yield yearOf(year - 2)
  }
  if (period.type === 'rolling-months') {
    let start = `${date.slice(0, 7)}-01`
    while (calendar.daysBetween(start, date) < graceDays) {
      start = calendar.addMonths(start, -1)
      yield window(start, period.months, calendar)
    }
  }
}

function currentPeriod(
  { tiers: { period } }: TierPolicy,
  date: string,
  calendar: Calendar,
): Months {
  const through = date.slice(0, 7)
  switch (period.type) {
    case 'calendar-year':
      // Not the whole year: an event that is reported late does not know of what came after it.
      return { from: `${date.slice(0, 4)}-01`, through }
    case 'rolling-months':
      return window(`${through}-01`, period.months, calendar)
    case 'lifetime':
      return { from: THE_BEGINNING, through }
  }
}

function window(lastMonth: string, months: number, calendar: Calendar): Months {
  const from = calendar.addMonths(lastMonth, 1 - months).slice(0, 7)
  return { from, through: lastMonth.slice(0, 7) }
}

function yearOf(year: number): Months {
  const digits = String(year).padStart(4, '0')
  return { from: `${digits}-01`, through: `${digits}-12` }
}

/** A tier's threshold in minor units of the programme's currency. */
export function thresholdMinor({ programme }: TierPolicy, { threshold }: TierLevel): number {
  const minor = exact(threshold).times(exact(10).pow(minorDigits(programme.currency)))
  return Math.min(minor.toNumber(), Number.MAX_SAFE_INTEGER)
}
