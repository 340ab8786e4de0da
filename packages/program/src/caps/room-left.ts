import type { Calendar } from '@pointwell/plugin'
import type { PolicyDocument } from '../policy/policy-document.js'
import type { CapPeriod } from '../policy/policy-sections.js'
import { type CapCounters, capsInForce } from './apply-caps.js'
import { periodEnd } from './period-key.js'

/** What caps still let through (E8, E14). */
export interface RoomLeft {
  /** Whole points; null: no cap says. */
  readonly points: number | null
  /** Orders that still earn today; null: no cap says. */
  readonly orders: number | null
  /** Where nothing is left: when there is something again, epoch milliseconds; null: now, or never. */
  readonly againAt: number | null
}

/** What an event of today could still earn. */
export function roomLeft(
  { caps }: Pick<PolicyDocument, 'caps'>,
  event: {
    readonly source: string
    readonly behaviour?: string | undefined
    readonly isOrder: boolean
    readonly tier: string
    readonly date: string
    readonly calendar: Calendar
    readonly counters: CapCounters
  },
): RoomLeft {
  let points: number | null = null
  let orders: number | null = null
  // Of what is used up, the one that lasts longest counts; one for ever outlasts all.
  let againAt: number | null = 0
  for (const { counter, counts, limit, figures } of capsInForce(caps, event)) {
    if (limit === null) continue
    const left = Math.max(0, limit - (event.counters[counter] ?? 0))
    if (counts === 'points') points = Math.min(points ?? left, left)
    else orders = Math.min(orders ?? left, left)
    if (left > 0) continue
    // Of a cap that lets nothing through at all there is never more.
    const end =
      limit === 0 ? null : periodEnd(figures.period as CapPeriod, event.date, event.calendar)
    againAt = end === null || againAt === null ? null : Math.max(againAt, end)
  }
  return { points, orders, againAt: againAt === 0 ? null : againAt }
}
