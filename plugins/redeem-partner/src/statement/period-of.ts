import { type Calendar, localDate, type Refusal, refuse } from '@pointwell/plugin'

/** What somebody wants a statement of: a month of the programme's zone, or days, both included. */
export interface PeriodWish {
  readonly month?: string | null
  readonly from?: string | null
  readonly through?: string | null
}

/** Years that a calendar knows of, whatever is added. */
const MONTH = /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/
const LAST_DAY = '2199-12-31'

/** The instants of a period. Refuses INVALID_INPUT (`month`, `from`, `through`). */
export function periodOf(
  { month, from, through }: PeriodWish,
  calendar: Calendar,
): { readonly from: number; readonly to: number } | Refusal {
  if (month && !from && !through) {
    if (!MONTH.test(month)) return invalid('month', 'Expected a month such as 2026-01.')
    const first = `${month}-01`
    return { from: calendar.startOf(first), to: calendar.endOf(calendar.endOfMonth(first, 0)) }
  }
  if (month) return invalid('month', 'Expected a month, or days, not both.')
  for (const [field, date] of Object.entries({ from, through })) {
    if (!date || !localDate().safeParse(date).success || date > LAST_DAY || date < '1900') {
      return invalid(field, 'Expected a month, or both from and through, such as 2026-01-05.')
    }
  }
  if ((through as string) < (from as string))
    return invalid('through', 'Expected no day before from.')
  return { from: calendar.startOf(from as string), to: calendar.endOf(through as string) }
}

function invalid(field: string, detail: string): Refusal {
  return refuse('INVALID_INPUT', { field, detail })
}
