import type { Step } from '@pointwell/ledger'
import type { Calendar } from '@pointwell/plugin'
import type { PolicyDocument } from '../policy/policy-document.js'
import { limitFor } from './limit-for.js'
import { periodKey } from './period-key.js'

/** What a member used up under caps so far: points or orders, by counter. */
export type CapCounters = Readonly<Record<string, number>>

/** One cap as it applies to one event. */
interface CapInForce {
  readonly counter: string
  readonly counts: 'points' | 'orders'
  /** Null: this tier has no limit, yet it is counted, because tiers change. */
  readonly limit: number | null
  readonly figures: { readonly cap: string; readonly period: string }
}

export interface Capped {
  /** What may be granted, whole points. */
  readonly points: number
  /** What each cap cut (E8, L9). */
  readonly steps: readonly Step[]
  /** The counters that a grant moves. */
  readonly counted: readonly Counted[]
}

export type Counted = readonly [counter: string, counts: 'points' | 'orders']

/** Cuts a grant of `points` to what the caps leave. Pure; the counters move with `moveCounters`. */
export function applyCaps(
  { caps }: Pick<PolicyDocument, 'caps'>,
  event: {
    readonly points: number
    readonly source: string
    /** What in the source earned, where it said so. */
    readonly behaviour?: string | undefined
    readonly isOrder: boolean
    readonly tier: string
    readonly date: string
    readonly calendar: Calendar
    readonly counters: CapCounters
  },
): Capped {
  const inForce = capsInForce(caps, event)
  let points = event.points
  const steps: Step[] = []
  for (const { counter, counts, limit, figures } of inForce) {
    if (limit === null) continue
    const used = event.counters[counter] ?? 0
    const left = counts === 'points' ? Math.max(0, limit - used) : used < limit ? null : 0
    if (left === null) continue
    if (left >= points) continue
    steps.push({ step: 'cap', points: left - points, figures: { ...figures, limit, used } })
    points = left
  }
  return { points, steps, counted: inForce.map((cap) => [cap.counter, cap.counts]) }
}

/** The counters after a grant of `points` more (or fewer, when negative). An order counts while it
 * earns anything: `orders` is 1 when it starts to, −1 when it ends, else 0. */
export function moveCounters(
  counters: CapCounters,
  counted: readonly Counted[],
  { points, orders }: { points: number; orders: number },
): CapCounters {
  const moved = { ...counters }
  for (const [counter, counts] of counted) {
    const delta = counts === 'points' ? points : orders
    // A counter that is gone was of a period long over; giving room back to it helps nobody.
    if (delta === 0 || (delta < 0 && !Object.hasOwn(moved, counter))) continue
    const value = (moved[counter] ?? 0) + delta
    if (value > 0) moved[counter] = value
    else delete moved[counter]
  }
  return moved
}

/** Every cap that an event falls under, whether there is anything left of it or not. */
export function capsInForce(
  caps: PolicyDocument['caps'],
  {
    source,
    behaviour,
    isOrder,
    tier,
    date,
    calendar,
  }: {
    source: string
    behaviour?: string | undefined
    isOrder: boolean
    tier: string
    date: string
    calendar: Calendar
  },
): CapInForce[] {
  const day = periodKey('day', date, calendar)
  const found: CapInForce[] = []
  if (caps.ordersPerDay && isOrder) {
    found.push({
      counter: `orders:${day}`,
      counts: 'orders',
      limit: limitFor(caps.ordersPerDay, tier),
      figures: { cap: 'orders', period: 'day' },
    })
  }
  if (caps.pointsPerDay) {
    found.push({
      counter: `all:${day}`,
      counts: 'points',
      limit: limitFor(caps.pointsPerDay, tier),
      figures: { cap: 'points', period: 'day' },
    })
  }
  for (const cap of ownValue(caps.perSource, source) ?? []) {
    found.push({
      counter: `from:${source}:${periodKey(cap.period, date, calendar)}`,
      counts: 'points',
      limit: limitFor(cap, tier),
      figures: { cap: source, period: cap.period },
    })
  }
  if (behaviour === undefined) return found
  for (const cap of ownValue(ownValue(caps.perBehaviour, source) ?? {}, behaviour) ?? []) {
    found.push({
      counter: `by:${source}:${behaviour}:${periodKey(cap.period, date, calendar)}`,
      counts: 'points',
      limit: limitFor(cap, tier),
      figures: { cap: behaviour, period: cap.period },
    })
  }
  return found
}

/** Ids are an operator's words; `constructor` is one too. */
function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
