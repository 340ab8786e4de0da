import { localDate } from '@pointwell/plugin'
import { z } from 'zod'
import { isoInstant } from '../policy/iso-instant.js'
import { word } from '../policy/word.js'

/** What becomes of points that were there before expiry was switched on or changed (X4). */
export const expirySection = z
  .strictObject({
    oldLots: z
      .discriminatedUnion('policy', [
        z
          .strictObject({ policy: z.literal('keep') })
          .describe('Every lot keeps the terms it was granted with.'),
        z
          .strictObject({
            policy: z.literal('grace'),
            through: localDate().describe(
              'The last day of old lots that had none, or an earlier one. When it is set it lies ahead.',
            ),
            earnedBefore: isoInstant()
              .nullable()
              .default(null)
              .describe('What is old; null: what was earned before this version begins.'),
            kinds: z
              .array(word())
              .max(100)
              .nullable()
              .default(null)
              .describe('Points kinds concerned; null: all.'),
          })
          .describe('Old lots last through one day, or longer where they did already.'),
      ])
      .prefault({ policy: 'keep' }),
  })
  .prefault({})
