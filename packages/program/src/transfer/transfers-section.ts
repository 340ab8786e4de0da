import { points, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { word } from '../policy/word.js'

/** More points than a wallet can hold. */
const MOST_POINTS = 1_000_000_000_000

/** What one member may give, or receive, at most. */
const limits = z
  .strictObject({
    pointsPerDay: points().nullable().default(null).describe('Null: no limit.'),
    pointsPerMonth: points().nullable().default(null).describe('Null: no limit.'),
    timesPerDay: wholeNumber({ min: 0, max: 1_000_000 })
      .nullable()
      .default(null)
      .describe('How many transfers a day; null: no limit.'),
    timesPerMonth: wholeNumber({ min: 0, max: 1_000_000 })
      .nullable()
      .default(null)
      .describe('How many transfers a month; null: no limit.'),
  })
  .prefault({})

export type TransferLimits = z.output<typeof limits>

/** Whether and how far members may give points to each other (L10). */
export const transfersSection = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether members may give points at all.'),
    least: wholeNumber({ min: 1, max: MOST_POINTS })
      .default(1)
      .describe('The fewest points of one transfer.'),
    most: wholeNumber({ min: 1, max: MOST_POINTS })
      .nullable()
      .default(null)
      .describe('The most points of one transfer; null: no limit.'),
    giver: limits.describe('What a member may give at most.'),
    receiver: limits.describe('What a member may receive at most.'),
    kinds: z
      .array(word())
      .max(100)
      .nullable()
      .default(null)
      .describe('Points kinds that may be given; null: all.'),
    tiers: z
      .array(word())
      .max(20)
      .nullable()
      .default(null)
      .describe('Tiers whose members may give; null: all.'),
    minMembershipDays: wholeNumber({ min: 0, max: 36_500 })
      .default(0)
      .describe('How many days ago who gives must have joined.'),
  })
  .refine(({ least, most }) => most === null || least <= most, {
    path: ['most'],
    error: 'Expected at least `least`.',
  })
  .prefault({})
