import { exact } from '../exact/exact.js'
import type { PriceFigures } from './price-figures.js'
import type { PriceRefusal } from './price-refusal.js'

/** ISO 4217 knows currencies of none to four decimal places. */
const MOST_CURRENCY_DIGITS = 4

/** Long enough for any rate there is, short enough that nobody can make us compute for long. */
const DECIMAL = /^\d{1,15}(\.\d{1,15})?$/

/** The first figure the formula cannot work with, in the order of `PriceFigures`; null: none. */
export function checkPriceFigures(figures: PriceFigures): PriceRefusal | null {
  return (
    checkWhole('cashValueMinor', figures.cashValueMinor, { from: 0 }) ??
    checkWhole('currencyDigits', figures.currencyDigits, { from: 0, to: MOST_CURRENCY_DIGITS }) ??
    checkRate('ratio', figures.ratio) ??
    checkRate('costRate', figures.costRate) ??
    checkPointValue(figures) ??
    checkDiscount(figures) ??
    checkWhole('step', figures.step, { from: 1 }) ??
    (figures.handPrice === undefined
      ? checkThatItCosts(figures)
      : checkWhole('handPrice', figures.handPrice, { from: 1 }))
  )
}

function checkPointValue({ pointValue }: PriceFigures) {
  if (pointValue === undefined) return null
  const wrong = checkRate('pointValue', pointValue)
  if (wrong) return wrong
  return exact(pointValue).eq(0) ? invalid('pointValue', 'Expected more than 0.') : null
}

function checkDiscount({ listPriceMinor, largestDiscountMinor }: PriceFigures) {
  if (listPriceMinor === undefined) {
    return largestDiscountMinor === undefined
      ? null
      : invalid('listPriceMinor', 'Expected a list price: a discount is planned.')
  }
  return (
    checkWhole('listPriceMinor', listPriceMinor, { from: 1 }) ??
    (largestDiscountMinor === undefined
      ? null
      : checkWhole('largestDiscountMinor', largestDiscountMinor, {
          from: 0,
          to: listPriceMinor - 1,
          why: 'below the list price',
        }))
  )
}

/** Points are never given for nothing by a formula: whoever wants that sets a price by hand. */
function checkThatItCosts({ cashValueMinor, ratio, costRate }: PriceFigures) {
  const detail = 'Expected more than 0, unless a price is set by hand.'
  if (cashValueMinor === 0) return invalid('cashValueMinor', detail)
  if (exact(ratio).eq(0)) return invalid('ratio', detail)
  if (exact(costRate).eq(0)) return invalid('costRate', detail)
  return null
}

function checkWhole(
  field: string,
  value: number,
  {
    from,
    to = Number.MAX_SAFE_INTEGER,
    why = '',
  }: { readonly from: number; readonly to?: number; readonly why?: string },
) {
  if (Number.isSafeInteger(value) && value >= from && value <= to) return null
  return invalid(field, `Expected a whole number from ${from} to ${to}${why && `, ${why}`}.`)
}

function checkRate(field: string, value: string) {
  if (typeof value === 'string' && DECIMAL.test(value)) return null
  return invalid(field, 'Expected a decimal such as `1.25`, not negative.')
}

function invalid(field: string, detail: string): PriceRefusal {
  return { refused: true, code: 'PRICE_FIGURE_INVALID', figures: { field, detail } }
}
