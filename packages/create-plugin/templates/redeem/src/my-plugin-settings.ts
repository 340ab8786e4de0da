import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { MOST_VALID_DAYS } from './my-plugin-offer.js'

/** What an operator sets: a part of the policy. Each setting has a default. */
export const myPluginSettings = z.strictObject({
  validDays: wholeNumber({ min: 1, max: MOST_VALID_DAYS })
    .default(90)
    .describe(
      'Days after the day of issue on which a voucher can be used, where its offer says nothing.',
    ),
})

export type MyPluginSettings = z.output<typeof myPluginSettings>
