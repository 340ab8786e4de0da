import { exact } from '@pointwell/economy'
import { type ActivityClass, minorDigits } from '@pointwell/plugin'
import type { OrderFigures } from '../deeds/order-figures.js'
import type { RfmScores } from './rfm.js'
import type { Segment, SegmentConditions } from './segments-section.js'

/** What segments are told by. Days are whole local days. */
export interface SegmentFigures {
  readonly rfm: RfmScores | null
  readonly orders: Pick<OrderFigures, 'orders' | 'minor'>
  readonly daysSinceOrder: number | null
  readonly daysSinceJoined: number
  readonly daysSinceActive: number
  readonly tier: string
  readonly region: string | null
  readonly badges: readonly string[]
  readonly activity: ActivityClass
  /** ISO 4217 code of the programme. */
  readonly currency: string
}

/** The segments a member is in, in the order of the list (M6). */
export function segmentsOf(list: readonly Segment[], figures: SegmentFigures): string[] {
  const found: string[] = []
  for (const { id, anyOf } of list) {
    if (anyOf.some((conditions) => isMet(conditions, figures, found))) found.push(id)
  }
  return found
}

type Range = SegmentConditions['orders']

function isMet(it: SegmentConditions, figures: SegmentFigures, found: readonly string[]): boolean {
  const { rfm, orders, region, tier, badges } = figures
  return (
    isWithin(it.recency, rfm?.recency ?? null) &&
    isWithin(it.frequency, rfm?.frequency ?? null) &&
    isWithin(it.monetary, rfm?.monetary ?? null) &&
    isWithin(it.orders, orders.orders) &&
    isSpent(it.spent, orders.minor, figures.currency) &&
    isWithin(it.daysSinceOrder, figures.daysSinceOrder) &&
    isWithin(it.daysSinceJoined, figures.daysSinceJoined) &&
    isWithin(it.daysSinceActive, figures.daysSinceActive) &&
    (it.tiers === undefined || it.tiers.includes(tier)) &&
    (it.regions === undefined || (region !== null && it.regions.includes(region))) &&
    (it.badges === undefined || it.badges.some((badge) => badges.includes(badge))) &&
    (it.activity === undefined || it.activity.includes(figures.activity)) &&
    (it.notIn === undefined || !it.notIn.some((segment) => found.includes(segment)))
  )
}

/** What is unknown is within no range, also not within one without bounds. */
function isWithin(range: Range, value: number | null): boolean {
  if (range === undefined) return true
  return value !== null && value >= (range.min ?? -Infinity) && value <= (range.max ?? Infinity)
}

function isSpent(range: SegmentConditions['spent'], minor: number, currency: string): boolean {
  if (range === undefined) return true
  const unit = exact(10).pow(minorDigits(currency))
  const { min, max } = range
  return (
    (min === undefined || exact(min).times(unit).lte(minor)) &&
    (max === undefined || exact(max).times(unit).gte(minor))
  )
}
