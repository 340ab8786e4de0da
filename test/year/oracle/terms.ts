import { addMonths, dateOf, dayOf, endOf, endOfMonth, parseDay, partsOf } from './berlin.js'
import type { Activity, Rules, Term } from './rules.js'

/** The first instant after points of this term (X1); null: they never end. */
export function termEnd(term: Term, earnedAt: number): number | null {
  const day = dateOf(earnedAt)
  switch (term.term) {
    case 'never':
      return null
    case 'days':
      return endOf(day + term.days)
    case 'months':
      return endOf(endOfMonth(day, term.months))
    case 'end-of-next-year':
      return endOf(dayOf(partsOf(day).year + 1, 12, 31))
  }
}

/** Which term points have: the first that speaks of them (X2, X3). */
export function termOf(
  rules: Rules,
  it: {
    readonly kind: string
    readonly source: string
    readonly tier: string
    readonly activity: Activity
    readonly own: Term | null
  },
): Term {
  const kind = rules.kinds[it.kind]!
  const level = rules.tiers.levels.find(({ id }) => id === it.tier)!
  return (
    kind.byTier[it.tier] ??
    level.expiry ??
    it.own ??
    kind.byActivity[it.activity] ??
    kind.bySource[it.source] ??
    kind.expiry
  )
}

/** The last day of old points that the rules have for a kind (X4), and what is old. */
export function graceFor(rules: Rules, kind: string): { end: number; before: number } | null {
  const { oldLots } = rules.expiry
  if (oldLots.policy !== 'grace') return null
  if (oldLots.kinds && !oldLots.kinds.includes(kind)) return null
  return { end: endOf(parseDay(oldLots.through)), before: Date.parse(oldLots.earnedBefore) }
}

/** The end of new points; of what is told late about old times, no earlier than that of old points. */
export function endOfNew(
  rules: Rules,
  it: Parameters<typeof termOf>[1] & { readonly earnedAt: number },
): number | null {
  const end = termEnd(termOf(rules, it), it.earnedAt)
  const grace = graceFor(rules, it.kind)
  return end !== null && grace && it.earnedAt < grace.before ? Math.max(end, grace.end) : end
}

/** Counted from the last day; a month from the last day of a month is the last day of the next (X5). */
export function extended(
  expiresAt: number,
  by:
    | { readonly term: 'days'; readonly days: number }
    | { readonly term: 'months'; readonly months: number },
): number {
  const last = dateOf(expiresAt - 1)
  if (by.term === 'days') return endOf(last + by.days)
  return endOf(last === endOfMonth(last) ? endOfMonth(last, by.months) : addMonths(last, by.months))
}
