import type { Big } from 'big.js'
import type { PurchaseLine } from '../event/purchase-event.js'
import type { PurchaseSettings } from '../settings/purchase-settings.js'
import { exact } from './exact.js'
import type { OrderAmounts } from './order-amounts.js'
import { categoryRate } from './order-rates.js'

/**
 * The exact measure of an order's points: each 1 ÷ `whole`, and money that earns is `share` of them.
 * `factor`: all rates of the order. Its goods must be worth something.
 */
export function partsOf(
  { settings, factor }: { settings: PurchaseSettings; factor: Big },
  { goods, earning }: OrderAmounts,
): { readonly whole: Big; readonly share: Big } {
  const spendPerPoint = exact(settings.spendPerPoint)
  return earning.eq(goods)
    ? { whole: spendPerPoint, share: factor }
    : { whole: goods.times(spendPerPoint), share: factor.times(earning) }
}

/** The parts that the kept goods of a line earn when no piece has more than `most` (null: no limit). */
export function lineParts(
  { unitPrice, quantity, returned = 0, category }: PurchaseLine,
  { settings, share, most }: { settings: PurchaseSettings; share: Big; most: Big | null },
): Big {
  const piece = exact(unitPrice).times(categoryRate(category, settings)).times(share)
  return (most !== null && piece.gt(most) ? most : piece).times(quantity - returned)
}
