import type { Calendar, Term } from '@pointwell/plugin'

/**
 * The first instant at which points earned at `earnedAt` are no longer usable (X1), epoch
 * milliseconds; null: never. Points last through the whole of their last day in the zone: 12 months
 * from 2021-05-03 is through 2022-05-31, one day is through the day after.
 */
export function expiresAt(
  term: Term,
  { earnedAt, calendar }: { earnedAt: number; calendar: Calendar },
): number | null {
  if (term.term === 'never') return null
  return calendar.endOf(lastDay(term, calendar.dateOf(earnedAt), calendar))
}

function lastDay(term: Exclude<Term, { term: 'never' }>, date: string, calendar: Calendar): string {
  switch (term.term) {
    case 'days':
      return calendar.addDays(date, term.days)
    case 'months':
      return calendar.endOfMonth(date, term.months)
    case 'end-of-next-year':
      return `${String(Number(date.slice(0, 4)) + 1).padStart(4, '0')}-12-31`
  }
}
