import { type Refusal, refuse } from '@pointwell/ledger'
import type { MemberFacts } from '@pointwell/plugin'
import type { Offer } from './offer-terms.js'

/** Whether an offer is open now, for anybody. Refuses OFFER_NOT_OPEN (`when` it opens). */
export function checkOfferWindow(
  { active, window: { from, until } }: Pick<Offer, 'active' | 'window'>,
  now: number,
): Refusal<'OFFER_NOT_OPEN'> | null {
  if (!active || (until !== null && now >= until)) return refuse('OFFER_NOT_OPEN')
  if (from !== null && now < from) return refuse('OFFER_NOT_OPEN', { when: from })
  return null
}

/** Whether an offer is meant for a member. Refuses OFFER_NOT_FOR_YOU. */
export function checkOfferFor(
  { tiers, regions, segments, badges }: Pick<Offer, 'tiers' | 'regions' | 'segments' | 'badges'>,
  member: Pick<MemberFacts, 'region' | 'segments' | 'badges'> & {
    readonly tier: { readonly id: string }
  },
): Refusal<'OFFER_NOT_FOR_YOU'> | null {
  const isFor =
    (tiers === null || tiers.includes(member.tier.id)) &&
    (regions === null || (member.region !== null && regions.includes(member.region))) &&
    (segments === null || segments.some((segment) => member.segments.includes(segment))) &&
    (badges === null || badges.some((badge) => member.badges?.includes(badge)))
  return isFor ? null : refuse('OFFER_NOT_FOR_YOU')
}
