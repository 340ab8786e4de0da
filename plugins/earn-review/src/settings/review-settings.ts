import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** Most that one review earns, campaigns included: low enough for sums to stay exact. */
export const MOST_POINTS = 1_000_000_000
/** The longest review, and the most photos, that are taken in. */
export const MOST_CHARACTERS = 10_000
export const MOST_PHOTOS = 100

/** What an operator sets about reviews (E5): a part of the policy. */
export const reviewSettings = z.strictObject({
  points: wholeNumber({ min: 0, max: MOST_POINTS })
    .default(20)
    .describe('Points for a review of a bought line.'),
  pointsWithPhotos: wholeNumber({ min: 0, max: MOST_POINTS })
    .default(50)
    .describe('Points, instead, for one with at least `photos` photos.'),
  photos: wholeNumber({ min: 1, max: MOST_PHOTOS })
    .default(3)
    .describe('How many photos it takes to earn `pointsWithPhotos`.'),
  minCharacters: wholeNumber({ min: 0, max: MOST_CHARACTERS })
    .default(10)
    .describe('The shortest review that earns, in characters, white space not counted.'),
  keepWhenReturned: z
    .boolean()
    .default(false)
    .describe(
      'Whether a review keeps its points when all of its line comes back, or its order is cancelled.',
    ),
})

export type ReviewSettings = z.output<typeof reviewSettings>
