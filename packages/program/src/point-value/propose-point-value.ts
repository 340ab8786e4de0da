import { exact, floorQuotient } from '@pointwell/economy'
import type { Calendar } from '@pointwell/plugin'
import type { PointValueChange, PointValuePolicy } from './point-value-section.js'

/** Values have as many places as a unit price has. */
const PLACES = 4

/**
 * The next change that the rule asks for: the index of the latest month that lies a whole number of
 * intervals after the last one, against the index of the base month; from the first of a month on that
 * members can be told of in time. Null: the value follows nothing, the index is not known so far, or
 * what came out is what a point is worth anyway.
 */
export function proposePointValue(
  { follows, changes, announceMonths }: PointValuePolicy,
  {
    index,
    today,
    calendar,
  }: { index: ReadonlyMap<string, string>; today: string; calendar: Calendar },
): PointValueChange | null {
  const baseIndex = follows && index.get(follows.baseMonth)
  if (!baseIndex) return null
  const { baseMonth, everyMonths } = follows
  const last = changes.findLast(({ because }) => because?.baseMonth === baseMonth)?.because
  let reached = last?.month ?? baseMonth
  let found: string | null = null
  for (;;) {
    reached = calendar.addMonths(`${reached}-01`, everyMonths).slice(0, 7)
    if (!index.has(reached)) break
    found = reached
  }
  if (found === null) return null
  const value = quotient(index.get(found)!, baseIndex)
  const known = changes.at(-1)
  if (value === (known?.value ?? '1')) return null
  const from = firstOfMonth(calendar.addMonths(today, announceMonths), calendar)
  // Two changes on one day, or one before the other, would be two answers.
  if (known && known.from >= from) return null
  return {
    from,
    value,
    because: { baseMonth, baseIndex, month: found, index: index.get(found)! },
  }
}

/** `index ÷ base`, rounded half up. */
function quotient(index: string, base: string): string {
  const half = exact(base).times(exact(`5e-${PLACES + 1}`))
  return floorQuotient(exact(index).plus(half), exact(base), PLACES).toFixed()
}

/** The day itself where a month begins with it, else the first of the next month. */
function firstOfMonth(date: string, calendar: Calendar): string {
  return date.endsWith('-01') ? date : calendar.addDays(calendar.endOfMonth(date, 0), 1)
}
