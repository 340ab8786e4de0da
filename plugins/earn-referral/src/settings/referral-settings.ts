import { text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** Most that one referral can give, campaigns included. */
export const MOST_POINTS = 1_000_000_000
const MOST_TIMES = 100_000

export const LIMIT_PERIODS = ['day', 'month', 'year', 'ever'] as const
/** What rewards are counted in: days, months and years of the programme's calendar, or all of a life. */
export type LimitPeriod = (typeof LIMIT_PERIODS)[number]

const suspicion = z.enum(['hold', 'refuse', 'allow'])

/** What an operator sets about referrals (E4): a part of the policy. `follows`: the sources whose events
 * can qualify, as the server was started with. */
export function referralSettings(follows: readonly [string, ...string[]]) {
  return z.strictObject({
    points: wholeNumber({ min: 0, max: MOST_POINTS })
      .default(300)
      .describe('Points for whoever brought a friend, once the friend has qualified.'),
    friendPoints: wholeNumber({ min: 0, max: MOST_POINTS })
      .default(0)
      .describe('Points for the friend at the same moment; 0: none.'),
    kind: text({ max: 40 })
      .nullable()
      .default(null)
      .describe('The points kind of both, one of the policy’s; null: the kind of this source.'),
    qualifyingSources: z
      .array(z.enum(follows))
      .min(1)
      .default([...follows])
      .describe('Sources whose first confirmed event qualifies a friend.'),
    newForDays: wholeNumber({ min: 0, max: 3_650 })
      .nullable()
      .default(30)
      .describe('How many days after joining a member can still accept a code; null: for ever.'),
    sameDevice: suspicion
      .default('hold')
      .describe('What becomes of a friend who uses a device of whoever brought them.'),
    samePayment: suspicion
      .default('hold')
      .describe('What becomes of a friend who pays with what whoever brought them pays with.'),
    paymentKinds: z
      .array(text({ max: 40 }))
      .max(20)
      .default(['card'])
      .describe('Kinds of linked identities that are means of payment.'),
    limits: z
      .array(
        z.strictObject({
          per: z.enum(LIMIT_PERIODS).describe('The period, in the programme’s calendar.'),
          times: wholeNumber({ min: 0, max: MOST_TIMES }).describe('How many friends give points.'),
        }),
      )
      .max(8)
      .default([{ per: 'month', times: 20 }])
      .describe('How many friends give one member points in a period; all of them hold.'),
  })
}

export type ReferralSettings = z.output<ReturnType<typeof referralSettings>>
