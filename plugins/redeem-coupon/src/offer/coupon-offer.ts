import { localDate, MAX_POINTS, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

export const MAX_VALIDITY_DAYS = 3_650
/** Further off than any coupon, and well within what a calendar can add a day to. */
const LAST_UNTIL = '2999-12-31'

const amountMinor = () => wholeNumber({ min: 1, max: MAX_POINTS })

const validity = z
  .union(
    [
      z.strictObject({ days: wholeNumber({ min: 1, max: MAX_VALIDITY_DAYS }) }),
      z.strictObject({
        until: localDate().refine((date) => date <= LAST_UNTIL, {
          error: `Expected a day up to ${LAST_UNTIL}.`,
        }),
      }),
    ],
    { error: 'Expected { "days": 30 } or { "until": "2026-12-31" }.' },
  )
  .optional()
  .describe(
    'How long a coupon can be used: so many days after the day of issue, or up to and with a day of the programme’s time zone. Left out: as the settings say.',
  )

/** What an offer of coupons says. Amounts are minor units of the offer's currency. */
export const couponOffer = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z
        .literal('full-reduction')
        .describe('Takes an amount off an order of at least so much.'),
      offMinor: amountMinor().describe('What it takes off, in minor units.'),
      thresholdMinor: amountMinor().describe('The least an order must come to, in minor units.'),
      validity,
    })
    .refine(({ offMinor, thresholdMinor }) => thresholdMinor >= offMinor, {
      path: ['thresholdMinor'],
      error: 'Expected at least what is taken off.',
    }),
  z.strictObject({
    type: z.literal('cash').describe('Pays an amount of an order, like a note of that worth.'),
    worthMinor: amountMinor().describe('What it pays, in minor units.'),
    validity,
  }),
  z.strictObject({
    type: z.literal('direct-deduction').describe('Takes an amount off any order.'),
    offMinor: amountMinor().describe('What it takes off, in minor units.'),
    validity,
  }),
])

export type CouponOffer = z.output<typeof couponOffer>
export type CouponType = CouponOffer['type']
