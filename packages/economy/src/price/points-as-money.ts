import type { Big } from 'big.js'
import { ceilQuotient, exact } from '../exact/exact.js'

/** What points are worth as money (R5): by default 100 points are one major unit. */
export interface PointsRate {
  /** Points for one major unit of money, to begin with: a decimal above 0. */
  readonly pointsPerMajor: string
  /** Decimal places of the currency: 2 for CNY, 0 for JPY. */
  readonly currencyDigits: number
  /** What a point is worth against what it was to begin with (X8); a decimal above 0, default 1. */
  readonly pointValue?: string
}

/** The money that so many points pay, whole minor units, rounded down: points × value ÷ rate. */
export function moneyForPoints(points: number, rate: PointsRate): number {
  const { above, below } = minorPerPoint(rate)
  return within(above.times(points).div(below))
}

/** The fewest points that pay so much, whole minor units: rounded up. Of what these pay, none fewer does. */
export function pointsForMoney(minor: number, rate: PointsRate): number {
  const { above, below } = minorPerPoint(rate)
  return within(ceilQuotient(below.times(minor), above))
}

export interface CheckoutTerms extends PointsRate {
  /** What the order comes to, minor units; whole, ≥ 0. */
  readonly orderMinor: number
  /** The largest share of it that points pay: an exact decimal from 0 to 1. */
  readonly mostShare: string
  /** Fewer are not taken; whole points, ≥ 1. */
  readonly leastPoints: number
}

/** What a member's points can pay of an order at most (R5): as few points as pay it. Nothing: 0 and 0. */
export function mostAtCheckout(
  available: number,
  terms: CheckoutTerms,
): { readonly points: number; readonly paysMinor: number } {
  const most = Math.min(shareOf(terms), moneyForPoints(available, terms))
  const points = pointsForMoney(most, terms)
  if (most === 0 || points < terms.leastPoints) return { points: 0, paysMinor: 0 }
  return { points, paysMinor: most }
}

/** The largest share of an order that points may pay; whole minor units, rounded down. */
export function shareOf({
  orderMinor,
  mostShare,
}: Pick<CheckoutTerms, 'orderMinor' | 'mostShare'>): number {
  return exact(orderMinor).times(exact(mostShare)).round(0, 0).toNumber()
}

function minorPerPoint({ pointsPerMajor, currencyDigits, pointValue = '1' }: PointsRate) {
  return {
    above: exact(pointValue).times(exact(`1e${currencyDigits}`)),
    below: exact(pointsPerMajor),
  }
}

/** Of what is more than a number holds exactly, all that it holds. */
function within(amount: Big): number {
  const most = Number.MAX_SAFE_INTEGER
  return amount.gt(most) ? most : amount.toNumber()
}
