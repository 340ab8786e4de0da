import type { Big } from 'big.js'
import { ceilQuotient, exact, floorQuotient, placesOf } from '../exact/exact.js'
import { asPoints } from './explain-price.js'

/** What an offer's price is changed by (R3), in the order in which it is told. */
export const PRICE_CHANGES = [
  'tier',
  'price-region',
  'price-stock',
  'first-redemption',
  'price-experiment',
] as const
export type PriceChangeName = (typeof PRICE_CHANGES)[number]

export interface PriceChange {
  readonly step: PriceChangeName
  /** The price is multiplied by it: an exact decimal, ≥ 0. */
  readonly factor: string
  readonly figures: { readonly [name: string]: number | string }
}

export interface ChangingFigures {
  /** The price before changes: whole points, ≥ 1. */
  readonly points: number
  /** Rounded up to a multiple of it, once, after all changes; whole points, ≥ 1. */
  readonly step: number
  /** No change makes it less than this; whole points, ≥ 1. */
  readonly floor: number
  readonly changes: readonly PriceChange[]
  /** Points of the member's that run out soon are worth more here (X6); absent: they are not. */
  readonly expiring?: {
    /** How many there are; whole, ≥ 0. */
    readonly points: number
    /** What of the price is paid with them costs so much of itself: a decimal above 0, at most 1. */
    readonly factor: string
    readonly figures: { readonly [name: string]: number | string }
  }
}

/** One step of how a price was changed (L9). */
export interface ChangeStep {
  readonly step: PriceChangeName | 'expiring-points' | 'rounding' | 'price-floor'
  /** Points after less points before: a whole number, or a decimal string where it is none. */
  readonly points: number | string
  readonly figures: { readonly [name: string]: number | string }
}

export interface ChangedPrice {
  /** Whole points, `floor` to 2^53−1. */
  readonly points: number
  /** In order; their points and those before the changes sum to `points` exactly. */
  readonly steps: readonly ChangeStep[]
}

/** Where the explanation cuts off a quotient that has no end. */
const PLACES = 6

/**
 * A price after what changes it (R3): times every factor, less what expiring points save, rounded up to the
 * step, and never below the floor. Exact: nothing is rounded before that. What is paid with points that run
 * out soon costs `factor` of itself: with `e` of them at most, a price `p` is `p × factor` where they reach
 * for that, else `p − e × (1 − factor) ÷ factor`; so one such point never makes the rest cheaper. Refuses
 * `AMOUNT_TOO_LARGE`.
 */
export function changePrice(figures: ChangingFigures): ChangedPrice {
  const { step, floor, changes, expiring } = figures
  const steps: ChangeStep[] = []
  let told = exact(figures.points)
  const tell = (name: ChangeStep['step'], amount: Big, facts: ChangeStep['figures']) => {
    const change = amount.minus(told)
    told = amount
    if (!change.eq(0)) steps.push({ step: name, points: asPoints(change), figures: facts })
  }

  let price = told
  for (const { step: name, factor, figures: facts } of changes) {
    price = price.times(exact(factor))
    tell(name, price, { ...facts, factor })
  }
  const { above, below } = withExpiring(price, expiring)
  if (expiring) {
    const places = Math.max(PLACES, placesOf(above))
    tell('expiring-points', floorQuotient(above, below, places), {
      ...expiring.figures,
      expiring: expiring.points,
      factor: expiring.factor,
    })
  }
  const rounded = ceilQuotient(above, below.times(step)).times(step)
  tell('rounding', rounded, { step })
  const least = rounded.lt(floor) ? exact(floor) : rounded
  tell('price-floor', least, { floor })
  const most = exact(Number.MAX_SAFE_INTEGER)
  const payable = least.gt(most) ? most : least
  tell('rounding', payable, { most: Number.MAX_SAFE_INTEGER })
  return { points: payable.toNumber(), steps }
}

/** The price as a quotient that is not yet worked out. */
function withExpiring(
  price: Big,
  expiring: ChangingFigures['expiring'],
): { readonly above: Big; readonly below: Big } {
  if (!expiring || expiring.points === 0) return { above: price, below: exact(1) }
  const factor = exact(expiring.factor)
  const reduced = price.times(factor)
  if (reduced.lte(expiring.points)) return { above: reduced, below: exact(1) }
  const saved = exact(1).minus(factor).times(expiring.points)
  return { above: reduced.minus(saved), below: factor }
}
