import { type Money, minorDigits } from '@pointwell/plugin'
import type { Big } from 'big.js'
import type { PurchaseEvent } from '../event/purchase-event.js'
import { exact, ONE, wholeQuotient, ZERO } from './exact.js'

/** Amounts of an order, exact, in major units of its currency. */
export interface OrderAmounts {
  /** All goods that were bought. */
  readonly goods: Big
  /** What of them paid in money, taxes and all: counts for the tier. */
  readonly paid: Big
  /** What of them earns: less taxes, points and coupons. */
  readonly earning: Big
  /** Goods that were bought and not returned. */
  readonly kept: Big
}

/**
 * Shares that earn nothing belong to the order as it was bought, and go down with its goods: half
 * the goods returned, half the coupon gone. So the order of returns makes no difference, and with all
 * goods returned nothing is left.
 */
export function orderAmounts(event: PurchaseEvent): OrderAmounts {
  let goods = ZERO
  let back = ZERO
  for (const { unitPrice, quantity, returned = 0 } of event.lines) {
    const price = exact(unitPrice)
    goods = goods.plus(price.times(quantity))
    if (returned > 0) back = back.plus(price.times(returned))
  }
  const paid = atLeastZero(
    goods.minus(majorOf(event.paidWithPoints)).minus(majorOf(event.paidWithCoupons)),
  )
  return {
    goods,
    paid,
    earning: atLeastZero(paid.minus(majorOf(event.includedTax))),
    kept: goods.minus(back),
  }
}

/** What was paid for the goods that were kept: whole minor units, rounded down. */
export function qualifyingMinor(event: PurchaseEvent, { goods, paid, kept }: OrderAmounts): Big {
  if (goods.eq(0)) return ZERO
  const minorUnits = exact(`1e${minorDigits(event.currency)}`)
  return paid.eq(goods)
    ? wholeQuotient(kept.times(minorUnits), ONE, 'floor')
    : wholeQuotient(kept.times(paid).times(minorUnits), goods, 'floor')
}

/** An amount in major units; nothing is 0. */
export function majorOf(money: Money | undefined): Big {
  if (money === undefined) return ZERO
  return exact(`${money.amountMinor}e-${minorDigits(money.currency)}`)
}

function atLeastZero(value: Big): Big {
  return value.lt(0) ? ZERO : value
}
