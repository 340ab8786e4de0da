import { identifier } from '@pointwell/plugin'
import { z } from 'zod'
import { accountPattern } from './account-pattern.js'

const gives = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('top-up').describe('Tops up an account that the member names.'),
    accountPatterns: z
      .array(accountPattern())
      .min(1)
      .max(20)
      .optional()
      .describe(
        'How such an account looks: `#` a digit, `*` a letter or digit. Left out: as the settings say.',
      ),
  }),
  z.strictObject({
    kind: z.literal('code').describe('Gives a code of the offer’s pool, each once.'),
  }),
  z.strictObject({
    kind: z.literal('own').describe('Gives a product of the programme itself.'),
    sku: identifier().describe('What the storefront knows the product by.'),
    returnable: z
      .boolean()
      .default(false)
      .describe('Whether it can be given back within the days of the settings.'),
  }),
])

/** What an offer of goods says. */
export const goodsOffer = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('physical').describe('Is sent to an address.'),
    returnable: z
      .boolean()
      .default(true)
      .describe('Whether it can be sent back within the days of the settings.'),
  }),
  z.strictObject({
    type: z.literal('virtual').describe('Is given without being sent.'),
    gives,
  }),
])

export type GoodsOffer = z.output<typeof goodsOffer>
