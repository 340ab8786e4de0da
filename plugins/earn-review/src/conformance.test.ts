import { fc, testEarnSource } from '@pointwell/plugin/testing'
import type { ReviewEvent } from './event/review-event.js'
import { review } from './review.js'

/** An order of the line that is reviewed, or of another one. */
const orderOf = ({ lineId }: Pick<ReviewEvent, 'lineId'>) =>
  fc.record({
    lines: fc.array(
      fc.record({
        id: fc.constantFrom(lineId, 'a', '1'),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 3 },
    ),
  })

testEarnSource(review, {
  acts: (_, event) => orderOf(event ?? { lineId: 'a' }),
  everythingOf: () => [{ why: 'removed' as const, reason: 'spam', by: 'rosa' }],
})
