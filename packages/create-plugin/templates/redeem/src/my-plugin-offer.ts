import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

export const MOST_VALID_DAYS = 3_650

/** What an offer of this channel says besides its title, price and stock. */
export const myPluginOffer = z.strictObject({
  validDays: wholeNumber({ min: 1, max: MOST_VALID_DAYS })
    .optional()
    .describe(
      'Days after the day of issue on which a voucher can be used; left out: as the settings say.',
    ),
})

export type MyPluginOffer = z.output<typeof myPluginOffer>
