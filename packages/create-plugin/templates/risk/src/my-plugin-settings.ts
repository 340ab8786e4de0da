import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** What an operator sets: a part of the policy. Each setting has a default. */
export const myPluginSettings = z.strictObject({
  earnsAnHour: wholeNumber({ min: 1, max: 100_000 })
    .default(20)
    .describe('So many times a member may earn within an hour; what comes on top is held.'),
  redemptionsAnHour: wholeNumber({ min: 1, max: 100_000 })
    .default(5)
    .describe('So many times a member may redeem within an hour; more is refused.'),
})

export type MyPluginSettings = z.output<typeof myPluginSettings>
