import type { Task, TaskContext } from '@pointwell/plugin'
import { exact, ONE, shownQuotient } from '../decision/exact.js'
import { orderRates } from '../decision/order-rates.js'
import { purchaseTitle } from '../purchase-words.js'
import type { PurchaseSettings } from '../settings/purchase-settings.js'

/** To buy something (E14): the rate of goods without a category, bought now and in the member's own region,
 * with tier, birthday and campaigns, to six decimal places. */
export function purchaseTasks({
  settings,
  member,
  calendar,
  now,
}: TaskContext<PurchaseSettings, unknown>): Task[] {
  const factor = orderRates({ event: { at: now }, settings, member, calendar }).reduce(
    (product, { rate }) => product.times(rate),
    ONE,
  )
  const rate = shownQuotient(factor, exact(settings.spendPerPoint))
  return [
    {
      id: 'purchase',
      title: purchaseTitle,
      points: null,
      rate: rate.toFixed(),
      done: false,
      beginner: false,
    },
  ]
}
