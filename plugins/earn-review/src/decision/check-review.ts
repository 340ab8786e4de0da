import { type EarnedRecord, type Refusal, refuse } from '@pointwell/plugin'
import type { ReviewEvent } from '../event/review-event.js'
import { linesOf } from '../order/lines-of.js'
import type { ReviewSettings } from '../settings/review-settings.js'

/**
 * Whether a review earns, in this order: REVIEW_ORDER_NOT_FOUND (also where it is another member's),
 * REVIEW_ORDER_CANCELLED, REVIEW_ORDER_NOT_CONFIRMED, REVIEW_LINE_NOT_FOUND, REVIEW_LINE_RETURNED,
 * REVIEW_TOO_SHORT (`available`, `needed`).
 */
export function checkReview({
  event: { lineId, characters },
  order,
  settings: { minCharacters },
}: {
  readonly event: ReviewEvent
  /** What is kept of the order; null: this member has none. */
  readonly order: EarnedRecord | null | undefined
  readonly settings: ReviewSettings
}): Refusal | null {
  if (!order) return refuse('REVIEW_ORDER_NOT_FOUND', { field: 'orderId' })
  if (order.status === 'cancelled') return refuse('REVIEW_ORDER_CANCELLED', { field: 'orderId' })
  if (order.status === 'pending') return refuse('REVIEW_ORDER_NOT_CONFIRMED', { field: 'orderId' })
  const line = linesOf(order).find(({ id }) => id === lineId)
  if (!line) return refuse('REVIEW_LINE_NOT_FOUND', { field: 'lineId' })
  if (line.left <= 0) return refuse('REVIEW_LINE_RETURNED', { field: 'lineId' })
  if (characters >= minCharacters) return null
  return refuse('REVIEW_TOO_SHORT', {
    field: 'characters',
    available: characters,
    needed: minCharacters,
  })
}
