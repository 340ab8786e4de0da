import createBig, { type Big } from 'big.js'

/** A constructor of our own: another user of big.js may change the shared one's rounding, and must not
 * change a member's points by it. */
const DOWN = createBig.roundDown
const Exact = createBig()
Exact.DP = 0
Exact.RM = DOWN

/** An exact decimal from a whole number or a decimal string. */
export function exact(value: number | string): Big {
  return new Exact(value)
}

export const ONE = exact(1)
export const ZERO = exact(0)

export type Rounding = 'floor' | 'half-up' | 'ceil'

/** `numerator ÷ denominator` as a whole number, rounded once. Both exact; ≥ 0 and > 0. */
export function wholeQuotient(numerator: Big, denominator: Big, rounding: Rounding): Big {
  const floor = denominator.eq(1) ? numerator.round(0, DOWN) : numerator.div(denominator)
  if (rounding === 'floor') return floor
  const rest = numerator.minus(floor.times(denominator))
  const up = rounding === 'ceil' ? rest.gt(0) : rest.times(2).gte(denominator)
  return up ? floor.plus(1) : floor
}

/** `numerator ÷ denominator` to six decimal places, cut off: for showing, never for granting. */
export function shownQuotient(numerator: Big, denominator: Big): Big {
  if (denominator.eq(1)) return numerator.round(6, DOWN)
  return numerator.times(1_000_000).div(denominator).times('0.000001')
}

/** `numerator ÷ denominator` to six decimal places, rounded up: what is never less than the value. */
export function upperQuotient(numerator: Big, denominator: Big): Big {
  return wholeQuotient(numerator.times(1_000_000), denominator, 'ceil').times('0.000001')
}
