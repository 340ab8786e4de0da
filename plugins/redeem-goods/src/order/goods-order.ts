import { identifier } from '@pointwell/plugin'
import { z } from 'zod'
import { MAX_ACCOUNT_LENGTH } from '../offer/account-pattern.js'

/** What a member says when redeeming. Nothing of whom or where is kept here but these two. */
export const goodsOrder = z
  .strictObject({
    address: identifier()
      .optional()
      .describe('The storefront’s own id of an address: needed where something is sent.'),
    account: identifier({ max: MAX_ACCOUNT_LENGTH })
      .optional()
      .describe('What is topped up, such as a phone number: needed for a top-up.'),
  })
  .default({})

export type GoodsOrder = z.output<typeof goodsOrder>
