import type { Calendar } from '@pointwell/plugin'
import type { Budget } from './budget-section.js'

/** The period of a budget that a moment lies in. */
export interface BudgetSpan {
  /** `M2026-01`, `Q2026-1`, `Y2026`, or `S` and the first instant of one with dates. */
  readonly key: string
  /** Epoch milliseconds; `until` is the first instant after it. */
  readonly from: number
  readonly until: number
  readonly points: number
}

/** Undefined: no period with dates is there for it, and nothing is limited. */
export function budgetSpan(
  budget: Budget,
  { at, calendar }: { at: number; calendar: Calendar },
): BudgetSpan | undefined {
  if (budget.period === 'dated') {
    const moment = new Date(at).toISOString()
    const span = budget.spans.find(({ from, until }) => from <= moment && moment < until)
    if (!span) return undefined
    const [from, until] = [Date.parse(span.from), Date.parse(span.until)]
    return { key: `S${span.from}`, from, until, points: span.points }
  }
  const date = calendar.dateOf(at)
  const { key, months, into } = placeOf(budget.period, date)
  const first = `${calendar.addMonths(`${date.slice(0, 7)}-01`, -into)}`
  return {
    key,
    from: calendar.startOf(first),
    until: calendar.endOf(calendar.endOfMonth(first, months - 1)),
    points: budget.points,
  }
}

/** How a period is called, how long it is, and how many months of it were over. */
function placeOf(period: 'month' | 'quarter' | 'year', date: string) {
  const [year, month] = [date.slice(0, 4), Number(date.slice(5, 7))]
  switch (period) {
    case 'month':
      return { key: `M${date.slice(0, 7)}`, months: 1, into: 0 }
    case 'quarter':
      return { key: `Q${year}-${Math.ceil(month / 3)}`, months: 3, into: (month - 1) % 3 }
    case 'year':
      return { key: `Y${year}`, months: 12, into: month - 1 }
  }
}
