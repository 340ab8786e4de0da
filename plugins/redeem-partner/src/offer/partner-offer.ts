import { identifier, MAX_POINTS, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

const MAX_DAYS = 3_650

const gives = z.discriminatedUnion('source', [
  z.strictObject({
    source: z.literal('pool').describe('A code of the partner’s that was imported.'),
    returnable: z
      .boolean()
      .default(false)
      .describe('Whether the partner takes a code back that was given.'),
  }),
  z.strictObject({
    source: z.literal('api').describe('Whatever the partner’s API answers with.'),
    product: identifier().describe('What the partner knows it by.'),
    returnable: z
      .boolean()
      .default(true)
      .describe('Whether the partner may be asked to take it back.'),
  }),
  z.strictObject({
    source: z.literal('privilege').describe('A right with the partner for some days.'),
    privilege: identifier().describe('Which right: `support-line`, `delivery` …'),
    days: wholeNumber({ min: 1, max: MAX_DAYS }).describe(
      'Days after the day of the redemption for which it lasts. One more begins where the last ends.',
    ),
    returnable: z.boolean().default(false).describe('Whether it can be given back.'),
  }),
])

/** What an offer of a partner's says. */
export const partnerOffer = z.strictObject({
  partner: identifier().describe('Which partner.'),
  costMinor: wholeNumber({ min: 0, max: MAX_POINTS }).describe(
    'What the partner is owed for one, in minor units of the partner’s currency. Fixed with each redemption.',
  ),
  gives,
})

export type PartnerOffer = z.output<typeof partnerOffer>
export type PartnerSource = PartnerOffer['gives']['source']
