import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** The longest way back that a make-up can ever be allowed; so long a member's days are remembered. */
export const MOST_DAYS_BACK = 31
/** Far above any sense, and low enough for sums of many to stay exact. */
const MOST_POINTS = 1_000_000_000

const amount = () => wholeNumber({ min: 0, max: MOST_POINTS })
const streakDay = () =>
  z.string().regex(/^[1-9]\d{0,3}$/, { error: 'Expected a day from 1 to 9999.' })

/** What an operator sets about check-ins (E3): a part of the policy. */
export const checkInSettings = z.strictObject({
  points: amount().default(5).describe('Points for a day’s check-in.'),
  streaks: z
    .record(streakDay(), amount())
    .refine((table) => Object.keys(table).length <= 366, { error: 'Expected at most 366 days.' })
    .default({ '7': 20 })
    .describe('Extra points by day of the streak: `{ "7": 20 }` gives 20 more on the seventh.'),
  restartAfterLongest: z
    .boolean()
    .default(false)
    .describe(
      'Whether the table starts again after its longest entry, so that every seventh day counts; otherwise it is gone through once a streak.',
    ),
  makeUp: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether a missed day can be made up for.'),
      maxDaysBack: wholeNumber({ min: 1, max: MOST_DAYS_BACK })
        .default(7)
        .describe('How many days ago a missed day can lie.'),
      cardsPerMonth: wholeNumber({ min: 0, max: MOST_DAYS_BACK })
        .default(1)
        .describe('Make-up cards that a member has each month; one is used for each day.'),
      earnsPoints: z
        .boolean()
        .default(true)
        .describe('Whether the day made up for earns its points too, or only joins the streak.'),
    })
    .prefault({}),
})

export type CheckInSettings = z.output<typeof checkInSettings>
