import { identifier, instant, text } from '@pointwell/plugin'
import { z } from 'zod'
import { markOf } from './mark-of.js'

/** So many members up the line are looked at for a loop: as many as a decision can ask for. */
export const LONGEST_LINE = 20

/** The mark of a device or a means of payment: `markOf`. */
const mark = z.string().regex(/^[\w-]{22}$/)
/** An event of another source, by its once-key. */
const act = { source: identifier(), order: text({ max: 128 }) }

/**
 * What happens between two members (E4). The programme's doors make all of them: `mark` and `accept`
 * come from members and storefronts, `rule` from operators, the others from what a friend does.
 */
export const referralEvent = z.discriminatedUnion('act', [
  z
    .strictObject({ act: z.literal('mark'), device: mark.nullable(), payment: mark.nullable() })
    .describe('A member who brings others was seen with this device or means of payment.'),
  z
    .strictObject({
      act: z.literal('accept'),
      line: z
        .array(identifier())
        .min(1)
        .max(LONGEST_LINE)
        .describe('Whose code it is, who brought that member, and so on.'),
      device: mark.nullable(),
      payment: mark.nullable(),
      at: instant(),
    })
    .describe('A new member accepts a code.'),
  z
    .strictObject({
      act: z.literal('rule'),
      release: z.boolean(),
      of: mark.optional().describe('Which: `referralMark`.'),
      by: text({ max: 200 }),
      reason: text({ max: 500 }),
    })
    .describe('An operator decides on a referral that is held.'),
  z.strictObject({ act: z.literal('qualify'), ...act }).describe('The friend did what counts.'),
  z
    .strictObject({ act: z.literal('welcome'), referrer: identifier(), ...act })
    .describe('The friend’s own points for it.'),
  z
    .strictObject({ act: z.literal('reward'), friend: identifier(), ...act })
    .describe('Points for whoever brought the friend.'),
  z.strictObject({ act: z.literal('lose'), ...act }).describe('What counted came back, whole.'),
])

export type ReferralEvent = z.output<typeof referralEvent>
export type ReferralAct<Act extends ReferralEvent['act']> = Extract<ReferralEvent, { act: Act }>

/** Names an event among those of its member. Of a member who was merged there may be two referrals, and of
 * each its own decision, its own points and its own loss. */
export function referralOnce(event: ReferralEvent): string {
  switch (event.act) {
    case 'mark':
      return `mark:${event.device ?? ''}:${event.payment ?? ''}`
    case 'accept':
      return `accept:${event.line[0]}`
    case 'reward':
      return `reward:${event.friend}`
    case 'rule':
      return event.of === undefined ? 'rule' : `rule:${event.of}`
    case 'welcome':
    case 'lose':
      return onceFor(event.act, event)
    case 'qualify':
      return 'qualify'
  }
}

/** What is called after the act that counted: `welcome`, the friend's points for it; `lose`, its end. */
export function onceFor(
  act: 'welcome' | 'lose',
  { source, order }: { readonly source: string; readonly order: string },
): string {
  return `${act}:${markOf(JSON.stringify([source, order]))}`
}
