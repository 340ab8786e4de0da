import { identifier, instant, text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { MOST_CHARACTERS, MOST_PHOTOS } from '../settings/review-settings.js'

/** A review (E5), as far as points go by it: what it says stays with the shop. */
export const reviewEvent = z.object({
  orderId: identifier().describe('The order that was bought.'),
  lineId: identifier().describe('The line of the order that is reviewed.'),
  reviewId: identifier().describe('The shop’s own id of the review.'),
  characters: wholeNumber({ min: 0, max: MOST_CHARACTERS }).describe(
    'How long it is, white space not counted.',
  ),
  photos: wholeNumber({ min: 0, max: MOST_PHOTOS }),
  at: instant().describe('When it was written.'),
  withdrawn: z
    .literal(true)
    .optional()
    .describe('Its points are taken back. Not for reporting: it is how a recount is asked.'),
})

export type ReviewEvent = z.output<typeof reviewEvent>

/** Why a review's points are taken back, each at most once: a moderator removed it. */
export const reviewWithdrawal = z.object({
  why: z.literal('removed'),
  reason: text({ max: 200 }),
  /** The operator or the storefront that said so. */
  by: text({ max: 200 }),
})

export type ReviewWithdrawal = z.output<typeof reviewWithdrawal>
