import createBig, { type Big } from 'big.js'

/**
 * A constructor of our own: another user of big.js may change the precision or the rounding of the
 * shared one, and must not change a price by it. With no decimal places and rounding towards zero
 * a division gives the whole part of the quotient, which is the only division used here.
 */
const Exact = createBig()
Exact.DP = 0
Exact.RM = createBig.roundDown

/** An exact decimal from a whole number or a decimal string. */
export function exact(value: number | string): Big {
  return new Exact(value)
}

/** The least whole number that is not below `numerator ÷ denominator`; both exact, ≥ 0 and > 0. */
export function ceilQuotient(numerator: Big, denominator: Big): Big {
  const whole = numerator.div(denominator)
  return whole.times(denominator).lt(numerator) ? whole.plus(1) : whole
}

/** `numerator ÷ denominator`, cut off (never rounded up) after so many decimal places. */
export function floorQuotient(numerator: Big, denominator: Big, places: number): Big {
  const scale = exact(10).pow(places)
  // A product is exact at any length; the quotient's whole part is all that is divided for.
  return numerator
    .times(scale)
    .div(denominator)
    .times(exact(`1e-${places}`))
}

/** How many decimal places an exact decimal has. */
export function placesOf(value: Big): number {
  return Math.max(0, value.c.length - 1 - value.e)
}
