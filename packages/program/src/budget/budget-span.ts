import type { Calendar } from '@pointwell/plugin'
import type { Budget } from './budget-section.js'

/** The period of a budget that a moment lies in. */
export interface BudgetSpan {
  /** `M2026-01`, `Q2026-1`, `Y2026`, or `S` and the first instant of one with dates. */
  readonly key: string
  readonly points: number
}

interface Moment {
  /** Epoch milliseconds. */
  readonly at: number
  readonly calendar: Calendar
}

/** Undefined: no period with dates is there for it, and nothing is limited. Asked at every grant, so it
 * does not look for the ends. */
export function budgetSpan(budget: Budget, { at, calendar }: Moment): BudgetSpan | undefined {
  if (budget.period === 'dated') {
    const span = datedSpan(budget.spans, at)
    return span && { key: `S${span.from}`, points: span.points }
  }
  const date = calendar.dateOf(at)
  return { key: keyOf(budget.period, date), points: budget.points }
}

/** Its first instant and the first one after it, epoch milliseconds. */
export function budgetEnds(
  budget: Budget,
  { at, calendar }: Moment,
): { readonly from: number; readonly until: number } | undefined {
  if (budget.period === 'dated') {
    const span = datedSpan(budget.spans, at)
    return span && { from: Date.parse(span.from), until: Date.parse(span.until) }
  }
  const date = calendar.dateOf(at)
  const months = MONTHS[budget.period]
  const into = (Number(date.slice(5, 7)) - 1) % months
  const first = calendar.addMonths(`${date.slice(0, 7)}-01`, -into)
  return {
    from: calendar.startOf(first),
    until: calendar.endOf(calendar.endOfMonth(first, months - 1)),
  }
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const

function keyOf(period: keyof typeof MONTHS, date: string): string {
  const year = date.slice(0, 4)
  switch (period) {
    case 'month':
      return `M${date.slice(0, 7)}`
    case 'quarter':
      return `Q${year}-${Math.ceil(Number(date.slice(5, 7)) / 3)}`
    case 'year':
      return `Y${year}`
  }
}

function datedSpan<Span extends { readonly from: string; readonly until: string }>(
  spans: readonly Span[],
  at: number,
): Span | undefined {
  const moment = new Date(at).toISOString()
  return spans.find(({ from, until }) => from <= moment && moment < until)
}
