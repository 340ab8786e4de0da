import { decimal, identifier, localDate, MAX_POINTS, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

export const MAX_VALIDITY_DAYS = 3_650
/** Further off than any coupon, and well within what a calendar can add a day to. */
export const LAST_UNTIL = '2999-12-31'

/** The longest that a card may count for, or extend points by. */
const MAX_CARD_DAYS = 3_660

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

const factor = (what: string) =>
  decimal({ places: 6, min: '1', max: '10' })
    .refine((value) => Number(value) > 1, { error: 'Expected more than 1.' })
    .describe(`${what}: a decimal above 1, at most 10.`)
const cardDays = (what: string) => wholeNumber({ min: 1, max: MAX_CARD_DAYS }).describe(what)

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
  z.strictObject({
    type: z.literal('delivery').describe('Takes an amount off the delivery fee of an order.'),
    offMinor: amountMinor()
      .optional()
      .describe('What it takes off the fee, in minor units; left out: all of it.'),
    thresholdMinor: amountMinor()
      .optional()
      .describe('The least an order must come to, in minor units; left out: any order.'),
    validity,
  }),
  z.strictObject({
    type: z
      .literal('rate-up')
      .describe('A card: once activated, orders earn more points for a time.'),
    factor: factor('What orders earn counts times this'),
    days: cardDays('For so many days from its activation; 1 lasts through the day after.'),
    orders: wholeNumber({ min: 1, max: 1_000 })
      .optional()
      .describe('For no more than so many orders in that time, 1: the next one; left out: all.'),
    sources: z
      .array(identifier())
      .min(1)
      .max(50)
      .optional()
      .describe('Ids of sources for whose acts it counts instead of orders.'),
    validity,
  }),
  z
    .strictObject({
      type: z
        .literal('expiry-extension')
        .describe('A card: activated, points that end soon last longer.'),
      days: cardDays('By so many days; either these or `months`.').optional(),
      months: wholeNumber({ min: 1, max: 120 }).optional().describe('By so many months.'),
      withinDays: cardDays(
        'Points whose last day is at most so many days after its activation; left out: all that end.',
      ).optional(),
      validity,
    })
    .refine(({ days, months }) => (days === undefined) !== (months === undefined), {
      path: ['days'],
      error: 'Expected either `days` or `months`.',
    }),
  z.strictObject({
    type: z
      .literal('tier-accelerator')
      .describe('A card: once activated, what is spent counts more for the tier for a time.'),
    factor: factor('What is spent counts times this for the tier'),
    days: cardDays('For so many days from its activation; 1 lasts through the day after.'),
    validity,
  }),
])

export type CouponOffer = z.output<typeof couponOffer>
export type CouponType = CouponOffer['type']
export const COUPON_TYPES = couponOffer.options.map((it) => it.shape.type.value)
