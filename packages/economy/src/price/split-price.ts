import { ceilQuotient, exact } from '../exact/exact.js'

/** A price that can be paid in points and money (R4). */
export interface SplitTerms {
  /** Whole points, ≥ 1. */
  readonly points: number
  /** What it is worth to a member, minor units; whole, ≥ 0. */
  readonly cashValueMinor: number
  /** Shares of the price, exact decimals from 0 to 1; the least is at most the largest. */
  readonly leastPointsShare: string
  readonly mostPointsShare: string
}

/** How many points can be paid: whole, 1 to the price; the least is never above the most. */
export function splitRange({
  points,
  leastPointsShare,
  mostPointsShare,
}: Omit<SplitTerms, 'cashValueMinor'>): { readonly least: number; readonly most: number } {
  const least = Math.max(
    1,
    ceilQuotient(exact(points).times(exact(leastPointsShare)), exact(1)).toNumber(),
  )
  const most = exact(points).times(exact(mostPointsShare)).round(0, 0).toNumber()
  return { least, most: Math.max(least, most) }
}

/**
 * The money that goes with `paying` points: the share of the cash value that they leave open, rounded up to
 * a whole minor unit: cash value × (price − points) ÷ price. `paying`: whole, 1 to the price; all of it
 * leaves nothing.
 */
export function cashPart(
  { points, cashValueMinor }: Pick<SplitTerms, 'points' | 'cashValueMinor'>,
  paying: number,
): number {
  const open = exact(points).minus(paying).times(cashValueMinor)
  return ceilQuotient(open, exact(points)).toNumber()
}
