import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { CODE_PREFIX, MAX_PREFIX_LENGTH } from '../code/coupon-code.js'
import { MAX_VALIDITY_DAYS } from '../offer/coupon-offer.js'

/** The channel's part of the policy. Each is taken when a coupon is issued or given back; a coupon
 * that is out keeps its terms. */
export const couponSettings = z.strictObject({
  validityDays: wholeNumber({ min: 1, max: MAX_VALIDITY_DAYS })
    .default(90)
    .describe(
      'Days after the day of issue on which a coupon can still be used, where its offer says nothing.',
    ),
  codePrefix: z
    .string()
    .regex(CODE_PREFIX, {
      error: `Expected at most ${MAX_PREFIX_LENGTH} of 0-9 and A-Z without I, L, O, U.`,
    })
    .default('CP')
    .describe('What new codes begin with.'),
  cashRemainder: z
    .enum(['lost', 'order-covers'])
    .default('lost')
    .describe(
      'A cash coupon worth more than the order: `lost`: it pays the order and the rest is lost; `order-covers`: it can be used only for an order of at least its worth.',
    ),
  graceOnReleaseDays: wholeNumber({ min: 0, max: 365 })
    .default(7)
    .describe(
      'A coupon given back by a cancelled order after it ran out can be used for so many days of 24 hours more, once; 0: it stays expired.',
    ),
})

export type CouponSettings = z.output<typeof couponSettings>
