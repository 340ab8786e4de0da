import { type Refusal, refuse } from '@pointwell/ledger'
import type { Calendar } from '@pointwell/plugin'
import { type CapCounters, type Counted, moveCounters } from '../caps/apply-caps.js'
import { periodEnd, periodKey } from '../caps/period-key.js'
import type { TransferLimits } from './transfers-section.js'

/** Whose side of a transfer is counted. */
export type TransferSide = 'given' | 'received'

interface Limit {
  readonly counter: string
  readonly counts: Counted[1]
  readonly period: 'day' | 'month'
  readonly limit: number | null
}

/** Of one side on one local date; `limit`: null where there is none, and it is counted all the same,
 * because an operator may set one tomorrow. */
function limitsOf(
  side: TransferSide,
  { limits, date, calendar }: { limits: TransferLimits | null; date: string; calendar: Calendar },
): readonly Limit[] {
  const of = (
    period: Limit['period'],
    counts: Limit['counts'],
    limit: number | null | undefined,
  ): Limit => ({
    counter: `${side}-${counts === 'points' ? 'points' : 'times'}:${periodKey(period, date, calendar)}`,
    counts,
    period,
    limit: limit ?? null,
  })
  return [
    of('day', 'points', limits?.pointsPerDay),
    of('month', 'points', limits?.pointsPerMonth),
    of('day', 'orders', limits?.timesPerDay),
    of('month', 'orders', limits?.timesPerMonth),
  ]
}

/** Refuses TRANSFER_LIMIT with the limit, what is left under it, and when it begins anew. */
export function checkTransferLimits(
  side: TransferSide,
  {
    points,
    limits,
    counters,
    date,
    calendar,
  }: {
    points: number
    limits: TransferLimits
    counters: CapCounters
    date: string
    calendar: Calendar
  },
): Refusal | null {
  for (const { counter, counts, period, limit } of limitsOf(side, { limits, date, calendar })) {
    if (limit === null) continue
    const needed = counts === 'points' ? points : 1
    const available = Math.max(0, limit - (counters[counter] ?? 0))
    if (needed <= available) continue
    return refuse('TRANSFER_LIMIT', {
      limit,
      available,
      needed,
      when: periodEnd(period, date, calendar)!,
    })
  }
  return null
}

/** The counters once a transfer of `points` of that date counts, or (`by` −1) no longer does. */
export function countTransfer(
  side: TransferSide,
  {
    points,
    by,
    counters,
    date,
    calendar,
  }: { points: number; by: 1 | -1; counters: CapCounters; date: string; calendar: Calendar },
): CapCounters {
  const counted = limitsOf(side, { limits: null, date, calendar }).map(
    ({ counter, counts }): Counted => [counter, counts],
  )
  return moveCounters(counters, counted, { points: by * points, orders: by })
}
