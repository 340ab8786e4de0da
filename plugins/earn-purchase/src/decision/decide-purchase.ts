import {
  type CampaignPoints,
  type EarnContext,
  type EarnDecision,
  grant,
  LATEST_INSTANT,
  MAX_POINTS,
  type Refusal,
  refuse,
  withinPoints,
} from '@pointwell/plugin'
import type { PurchaseEvent } from '../event/purchase-event.js'
import type { PurchaseSettings } from '../settings/purchase-settings.js'
import type { AddedPoints } from './added-points.js'
import { orderAmounts, qualifyingMinor } from './order-amounts.js'
import { purchasePoints } from './purchase-points.js'

const DAY_MS = 86_400_000

/**
 * What an order earns (E2). Refuses CURRENCY_NOT_SUPPORTED (`field`) for money in another currency than
 * the programme's, and ORDER_TOO_LARGE when its spend or its points are beyond 2^53−1.
 */
export function decidePurchase({
  event,
  settings,
  member,
  calendar,
  currency,
}: Pick<
  EarnContext<PurchaseSettings, PurchaseEvent, unknown>,
  'event' | 'settings' | 'member' | 'calendar' | 'currency'
>): EarnDecision<never> {
  const foreign = checkCurrency(event, currency)
  if (foreign) return foreign

  const amounts = orderAmounts(event)
  const qualifying = qualifyingMinor(event, amounts)
  const { points, because, campaigns } = purchasePoints(
    { event, settings, member, calendar },
    amounts,
  )
  if (points.gt(MAX_POINTS) || qualifying.gt(MAX_POINTS)) {
    return refuse('ORDER_TOO_LARGE', { field: 'lines', limit: MAX_POINTS })
  }

  return grant<never>({
    points: points.toNumber(),
    because,
    ...(campaigns.length > 0 && {
      campaigns: withinPoints(campaigns.map(inNumbers), points.toNumber()),
    }),
    at: event.at,
    ...(event.confirmed ? {} : { pending: { confirmAt: confirmAt(event, settings) } }),
    claimMs: settings.claimDays === null ? null : settings.claimDays * DAY_MS,
    qualifyingMinor: qualifying.toNumber(),
    ...tagsOf(event),
  })
}

/** Each is at most the order's points, which are few enough. */
function inNumbers({ id, points, extra }: AddedPoints): CampaignPoints {
  return { id, points: points.toNumber(), extra: extra.toNumber() }
}

function checkCurrency(
  event: PurchaseEvent,
  currency: string,
): Refusal<'CURRENCY_NOT_SUPPORTED'> | undefined {
  if (event.currency !== currency) return refuse('CURRENCY_NOT_SUPPORTED', { field: 'currency' })
  for (const field of ['includedTax', 'paidWithPoints', 'paidWithCoupons', 'delivery'] as const) {
    const money = event[field]
    if (money && money.currency !== currency) return refuse('CURRENCY_NOT_SUPPORTED', { field })
  }
  return undefined
}

/** No more than a grant may say: an order can have 500 lines, each of another category. */
const MOST_TAGS = 200

/** The categories of the goods that did not come back, each once. */
function tagsOf({ lines }: PurchaseEvent): { tags?: string[] } {
  const left = lines.filter(({ quantity, returned = 0 }) => returned < quantity)
  const categories = new Set(left.flatMap(({ category }) => category ?? []))
  return categories.size === 0 ? {} : { tags: [...categories].slice(0, MOST_TAGS) }
}

function confirmAt({ at }: PurchaseEvent, { confirmAfterDays }: PurchaseSettings): number | null {
  if (confirmAfterDays === null) return null
  return Math.min(at + confirmAfterDays * DAY_MS, LATEST_INSTANT)
}
