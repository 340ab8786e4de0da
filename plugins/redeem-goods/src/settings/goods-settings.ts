import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { accountPattern } from '../offer/account-pattern.js'

const MAX_DAYS = 365

/** The channel's part of the policy. */
export const goodsSettings = z.strictObject({
  receivedAfterDays: wholeNumber({ min: 1, max: MAX_DAYS })
    .default(10)
    .describe(
      'A shipment that nobody says has come counts as received at the end of so many days after the day on which it was sent. Taken when it is sent.',
    ),
  cancelUntil: z
    .enum(['picked', 'sent'])
    .default('picked')
    .describe('Until when an order can be cancelled: until it is `picked`, or until it is `sent`.'),
  returnDays: wholeNumber({ min: 0, max: MAX_DAYS })
    .default(7)
    .describe(
      'Days after the day of receipt on which goods can be given back, where their offer allows it. Taken when they are ordered.',
    ),
  accountPatterns: z
    .array(accountPattern())
    .min(1)
    .max(20)
    .default(['1##########'])
    .describe(
      'How an account looks that can be topped up, where the offer says nothing: `#` a digit, `*` a letter or digit, anything else itself.',
    ),
})

export type GoodsSettings = z.output<typeof goodsSettings>
