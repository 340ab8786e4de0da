import { type Calendar, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** By how much points last longer (X5). */
export const extensionSchema = z
  .discriminatedUnion('term', [
    z.strictObject({ term: z.literal('days'), days: wholeNumber({ min: 1, max: 3_660 }) }),
    z.strictObject({ term: z.literal('months'), months: wholeNumber({ min: 1, max: 120 }) }),
  ])
  .describe('By how much points last longer: so many days, or so many months.')

export type Extension = z.output<typeof extensionSchema>

/**
 * The first instant after points that would have ended at `expiresAt`, both epoch milliseconds. It
 * counts from their last day: a month from the last day of a month is the last day of the next one.
 */
export function extendedEnd(
  expiresAt: number,
  { by, calendar }: { by: Extension; calendar: Calendar },
): number {
  return calendar.endOf(laterDay(calendar.dateOf(expiresAt - 1), by, calendar))
}

function laterDay(date: string, by: Extension, calendar: Calendar): string {
  if (by.term === 'days') return calendar.addDays(date, by.days)
  const endsMonth = calendar.endOfMonth(date, 0) === date
  return endsMonth ? calendar.endOfMonth(date, by.months) : calendar.addMonths(date, by.months)
}
