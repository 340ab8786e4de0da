import type { ReactContext, Reaction } from '@pointwell/plugin'
import { reviewKey } from '../event/review-key.js'
import { linesOf } from '../order/lines-of.js'
import type { ReviewSettings } from '../settings/review-settings.js'

/**
 * What becomes of reviews when something of their order comes back: those of lines of which nothing is
 * left lose their points, whether there is such a review or not. Goes by the order as it is by now, so that it
 * comes to the same in whatever order it is told.
 */
export function reactToOrder({
  act,
  settings,
}: ReactContext<ReviewSettings, unknown>): readonly Reaction[] {
  if (settings.keepWhenReturned) return []
  return linesOf(act)
    .filter(({ left }) => left <= 0)
    .map(({ id }) => ({
      cancel: {
        memberId: act.memberId,
        once: reviewKey({ orderId: act.once, lineId: id }),
      },
    }))
}
