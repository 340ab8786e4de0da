import { text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** The channel's part of the policy. */
export const gameSettings = z.strictObject({
  roundDays: wholeNumber({ min: 1, max: 366 })
    .default(7)
    .describe(
      'Days of 24 hours after which the first play begins a new round, and the seed of the old one is shown.',
    ),
  roundPlays: wholeNumber({ min: 1, max: 1_000_000 })
    .default(10_000)
    .describe('Plays after which the next one begins a new round.'),
  closedIn: z
    .array(text({ max: 64 }))
    .max(1_000)
    .default([])
    .describe('Regions whose members can play nothing.'),
})

export type GameSettings = z.output<typeof gameSettings>
