import { type ItemPoints, MAX_POINTS } from '@pointwell/plugin'
import { limitFor } from '../settings/purchase-settings.js'
import { exact, ONE, upperQuotient, ZERO } from './exact.js'
import { lineParts, partsOf } from './line-parts.js'
import { orderAmounts } from './order-amounts.js'
import { orderRates, type RateFacts } from './order-rates.js'

/**
 * What each article of an order earns (E8), before the order's limit and its rounding. An article on
 * two lines is one item: splitting a line gives nobody more.
 */
export function purchaseItems(facts: RateFacts): ItemPoints {
  const { event, settings, member } = facts
  const amounts = orderAmounts(event)
  const { rounding } = settings
  if (amounts.goods.eq(0)) return { items: [], besides: 0, rounding }
  const factor = orderRates(facts).reduce((product, { rate }) => product.times(rate), ONE)
  const { whole, share } = partsOf({ settings, factor }, amounts)
  const limit = limitFor(settings.pointsPerItem, member.tier.id)
  const most = limit === null ? null : whole.times(limit)
  const parts = event.lines.map((line) => lineParts(line, { settings, share, most }))
  const earns = parts.some((it) => it.gt(0))
  const extra = member.campaigns.reduce((sum, it) => sum.plus(it.extraPoints), ZERO)
  return {
    items: event.lines.map(({ article }, place) => {
      const points = upperQuotient(parts[place]!, whole)
      return { id: article, points: (points.gt(MAX_POINTS) ? exact(MAX_POINTS) : points).toFixed() }
    }),
    besides: !earns ? 0 : extra.gt(MAX_POINTS) ? MAX_POINTS : extra.toNumber(),
    rounding,
  }
}
