import { campaignPoints, type EarnContext, type EarnDecision, grant, step } from '@pointwell/plugin'
import type { ReviewEvent } from '../event/review-event.js'
import { MOST_POINTS, type ReviewSettings } from '../settings/review-settings.js'
import { checkReview } from './check-review.js'

/** What a review earns (E5): more with photos, then campaigns. Refusals: see `checkReview`. */
export function decideReview({
  event,
  settings,
  member,
  acts: [order],
}: EarnContext<ReviewSettings, ReviewEvent, unknown>): EarnDecision<never> {
  const { at, photos } = event
  if (event.withdrawn) return grant({ points: 0, because: [], at })
  const refusal = checkReview({ event, order, settings })
  if (refusal) return refusal
  const shown = photos >= settings.photos
  const base = shown ? settings.pointsWithPhotos : settings.points
  const { points, steps, campaigns } = campaignPoints(base, member.campaigns, { most: MOST_POINTS })
  return grant({
    points,
    because: [step(shown ? 'review-photos' : 'review', base, { photos }), ...steps],
    ...(campaigns.length > 0 && { campaigns }),
    at,
  })
}
