import { ceilQuotient, exact, floorQuotient, placesOf } from '../exact/exact.js'
import { checkPriceFigures } from './check-price-figures.js'
import { explainPrice, type PriceStep } from './explain-price.js'
import type { PriceFigures } from './price-figures.js'
import type { PriceRefusal } from './price-refusal.js'

/** Where the explanation cuts off a premium that has no end (10 ÷ 7), unless what it is applied to
 * is finer; the price itself is never cut off. */
const PREMIUM_PLACES = 6

export interface Price {
  readonly refused?: undefined
  /** What the offer costs: set by hand, or the formula's. Whole points, 1 to 2^53−1. */
  readonly points: number
  /** What the formula says, shown beside a price set by hand. Whole points, 0 to 2^53−1. */
  readonly formulaPoints: number
  /** In order; their points sum to `points` exactly. */
  readonly steps: readonly PriceStep[]
}

/**
 * The price of an offer (R2): exchange ratio × cash value × cost rate × premium, where
 * premium = list price ÷ (list price − largest discount planned), divided by what a point is worth by
 * now (X8), rounded up to the operator's step. Exact: nothing is rounded before that. Refuses `PRICE_FIGURE_INVALID`, `AMOUNT_TOO_LARGE`.
 *
 * A "50 off 200" coupon at ratio 50 and cost rate 100% costs 2,500 points; a top-up of 30 yuan at
 * ratio 100 costs 3,000.
 */
export function priceOffer(figures: PriceFigures): Price | PriceRefusal {
  const refusal = checkPriceFigures(figures)
  if (refusal) return refusal

  const { currencyDigits, ratio, costRate, step } = figures
  const cashValue = exact(figures.cashValueMinor).times(exact(`1e-${currencyDigits}`))
  const worth = cashValue.times(ratio)
  const cost = worth.times(costRate)

  // Above and below the line stay apart until the one division that rounds.
  const { listPriceMinor = 1, largestDiscountMinor = 0, pointValue = '1' } = figures
  const above = cost.times(listPriceMinor)
  const below = exact(listPriceMinor).minus(largestDiscountMinor)
  const worthNow = below.times(exact(pointValue))
  const rounded = ceilQuotient(above, worthNow.times(step)).times(step)
  if (rounded.gt(Number.MAX_SAFE_INTEGER)) {
    const limit = Number.MAX_SAFE_INTEGER
    return { refused: true, code: 'AMOUNT_TOO_LARGE', figures: { field: 'cashValueMinor', limit } }
  }

  const formulaPoints = rounded.toNumber()
  const points = figures.handPrice ?? formulaPoints
  const steps = explainPrice([
    {
      step: 'cash-value',
      amount: worth,
      figures: { cashValue: cashValue.toFixed(currencyDigits), ratio },
    },
    { step: 'cost-rate', amount: cost, figures: { costRate } },
    {
      step: 'premium',
      amount: floorQuotient(above, below, Math.max(PREMIUM_PLACES, placesOf(cost))),
      figures: { listPriceMinor, largestDiscountMinor },
    },
    {
      step: 'point-value',
      amount: floorQuotient(above, worthNow, Math.max(PREMIUM_PLACES, placesOf(cost))),
      figures: { pointValue },
    },
    { step: 'rounding', amount: rounded, figures: { step } },
    { step: 'hand-price', amount: exact(points), figures: { formulaPoints } },
  ])
  return { points, formulaPoints, steps }
}
