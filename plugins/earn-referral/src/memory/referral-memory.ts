import { identifier, text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'
import { markOf } from '../event/mark-of.js'

/** Most devices, and most means of payment, that are remembered: the newest. */
export const MOST_MARKS = 10

/** Most referrals that are remembered besides the one: the newest. */
export const MOST_ASIDE = 10
/** Why a referral is held that turned out to be of one person with itself (M8). */
export const SAME_MEMBER = 'same-member'

/** Nobody brings so many: where two who are one had both, no more is counted. */
export const MOST_COUNTED = 1_000_000_000
const count = wholeNumber({ min: 0, max: MOST_COUNTED })
/** The newest period in which something was counted, and how much: `["2026-01", 3]`. */
const tally = z.tuple([z.string(), count]).default(['', 0])

/** What the source remembers of a member: as a friend who was brought, and as one who brings others. */
export const referralMemory = z.object({
  accepted: z
    .object({
      referrer: z.string(),
      at: z.number().int(),
      friend: z.string().optional().describe('The id that the member had then, if another.'),
    })
    .nullable()
    .default(null)
    .describe('Whose code the member accepted, and when.'),
  held: z.array(z.string()).nullable().default(null).describe('Why the referral is held.'),
  ruling: z.enum(['released', 'refused']).nullable().default(null),
  qualified: z
    .object({ source: identifier(), order: text({ max: 128 }) })
    .nullable()
    .default(null)
    .describe('What the member did that counts.'),
  lost: z.boolean().default(false).describe('It came back, whole.'),
  aside: z
    .array(
      z.object({
        referrer: z.string(),
        friend: z.string(),
        source: z.string(),
        order: z.string(),
      }),
    )
    .default([])
    .describe('Referrals that gave points, and were the second one once two members were one.'),
  devices: z.array(z.string()).default([]),
  payments: z.array(z.string()).default([]),
  rewards: z
    .object({ day: tally, month: tally, year: tally, ever: tally })
    .prefault({})
    .describe('Friends that gave points, also those whose points came back.'),
})

export type ReferralMemory = z.output<typeof referralMemory>

/** Whether nothing stands in the way of points: neither held, nor decided against, nor come back. */
export function isOpen({ held, ruling, lost }: ReferralMemory): boolean {
  return !lost && (held === null || ruling === 'released')
}

/** Names what an operator decides on: a referral that is held once more, after a merge, is another matter. */
export function referralMark({ accepted, held }: ReferralMemory, memberId: string): string {
  const { referrer = null, friend = memberId } = accepted ?? {}
  return markOf(JSON.stringify([referrer, friend, held?.includes(SAME_MEMBER) ?? false]))
}

export function isQualifiedBy(
  { qualified }: ReferralMemory,
  { source, order }: { readonly source: string; readonly order: string },
): boolean {
  return qualified?.source === source && qualified.order === order
}
