import { localDate, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { MOST_POINTS_A_PERIOD } from '../settings/behaviour-settings.js'

/** Beyond it an act is not counted any more: far above every limit that can be set. */
export const MOST_COUNTED = 1_000_000

/** How often, and how many points. */
const tally = z.tuple([
  wholeNumber({ min: 0, max: MOST_COUNTED }),
  wholeNumber({ min: 0, max: MOST_POINTS_A_PERIOD }),
])

/** `Period.key`: a kind and a day that there is. */
const periodKey = z
  .string()
  .regex(/^[dwmy]\d{4}-\d{2}-\d{2}$/, { abort: true })
  .refine((key) => localDate().safeParse(key.slice(1)).success)

/**
 * What the source remembers of a member: by behaviour what was done ever, and in each period that can
 * still be told of (by `Period.key`); and the day before which ended periods are forgotten.
 */
export const behaviourMemory = z.object({
  done: z
    .record(
      z.string(),
      z.object({
        ever: tally,
        periods: z.record(periodKey, tally).default({}),
      }),
    )
    .default({}),
  forgottenBefore: localDate().nullable().default(null),
})

export type BehaviourMemory = z.output<typeof behaviourMemory>
/** What was done of one behaviour. */
export type Done = BehaviourMemory['done'][string]
/** How often, and how many points. */
export type Tally = Done['ever']
