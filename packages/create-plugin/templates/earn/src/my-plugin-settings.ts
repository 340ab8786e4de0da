import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** Low enough for campaigns to multiply it. */
const MOST_POINTS = 1_000_000_000

/** What an operator sets: a part of the policy. Each setting has a default. */
export const myPluginSettings = z.strictObject({
  points: wholeNumber({ min: 0, max: MOST_POINTS }).default(10).describe('Points for an act.'),
  reportWithinDays: wholeNumber({ min: 1, max: 3_650 })
    .default(30)
    .describe('How many days after an act it can still be reported.'),
})

export type MyPluginSettings = z.output<typeof myPluginSettings>
