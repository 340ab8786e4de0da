import { wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** Most devices, and most means of payment, that are remembered: the newest. */
export const MOST_MARKS = 10

const count = wholeNumber({ min: 0, max: 1_000_000_000 })
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
    .object({ source: z.string(), order: z.string() })
    .nullable()
    .default(null)
    .describe('What the member did that counts.'),
  lost: z.boolean().default(false).describe('It came back, whole.'),
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

export function isQualifiedBy(
  { qualified }: ReferralMemory,
  { source, order }: { readonly source: string; readonly order: string },
): boolean {
  return qualified?.source === source && qualified.order === order
}
