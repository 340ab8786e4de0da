import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** The channel's part of the policy. */
export const partnerSettings = z.strictObject({
  requestSeconds: wholeNumber({ min: 1, max: 30 })
    .default(4)
    .describe(
      'A partner’s API that has not answered a request by then is asked again later. Up to two requests go into the time of `redemption.timeoutSeconds`.',
    ),
})

export type PartnerSettings = z.output<typeof partnerSettings>
