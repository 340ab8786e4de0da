import { campaignPoints, grant, type Refusal, refuse, step } from '@pointwell/plugin'
import { isOpen, isQualifiedBy, type ReferralMemory } from '../memory/referral-memory.js'
import { MOST_POINTS } from '../settings/referral-settings.js'
import { isCalled } from './is-called.js'
import type { ContextOf, ReferralDecision } from './referral-context.js'
import { countReward, findFullLimit } from './reward-limits.js'
import { stands } from './stands.js'

/**
 * Points for whoever brought a friend, on what the friend's own wallet says by now. Refuses
 * REFERRAL_ENDED (it is held, decided against, came back, or never was), REFERRAL_STAFF,
 * REFERRAL_LOOP, REFERRAL_LIMIT_REACHED (`limit`).
 */
export function decideReward(context: ContextOf<'reward'>): ReferralDecision {
  const { event, memory, member, settings, others, acts, calendar, now } = context
  const friend = others[0]?.memory
  if (!friend || !isCalled(member, friend.accepted?.referrer) || !isEarnedBy(friend, context)) {
    return refuse('REFERRAL_ENDED')
  }
  if (!stands(acts[0])) return refuse('REFERRAL_ENDED')
  if (member.staff) return refuse('REFERRAL_STAFF')
  // Two that accepted each other's codes at the same moment did not see each other then.
  const above = memory.accepted?.referrer
  if (above === event.friend || (others[0] && isCalled(others[0].facts, above))) {
    return refuse('REFERRAL_LOOP')
  }
  const today = calendar.dateOf(now)
  const full = findFullLimit(settings.limits, memory, today)
  if (full) return refuse('REFERRAL_LIMIT_REACHED', { limit: full.times })
  return points(context, {
    word: 'referral',
    wanted: settings.points,
    memory: { ...memory, rewards: countReward(memory.rewards, today) },
  })
}

/** The friend's own points. Refuses REFERRAL_ENDED. */
export function decideWelcome(context: ContextOf<'welcome'>): ReferralDecision {
  const { memory, settings, acts } = context
  const refusal: Refusal | undefined =
    isEarnedBy(memory, context) && stands(acts[0]) ? undefined : refuse('REFERRAL_ENDED')
  if (refusal) return refusal
  return points(context, { word: 'referral-friend', wanted: settings.friendPoints, memory })
}

function points(
  { settings, member, now }: ContextOf<'reward'> | ContextOf<'welcome'>,
  { word, wanted, memory }: { word: string; wanted: number; memory: ReferralMemory },
): ReferralDecision {
  const withCampaigns = campaignPoints(wanted, member.campaigns, { most: MOST_POINTS })
  return grant({
    points: withCampaigns.points,
    because: [step(word, wanted), ...withCampaigns.steps],
    ...(settings.kind !== null && { kind: settings.kind }),
    at: now,
    memory,
  })
}

function isEarnedBy(
  friend: ReferralMemory,
  { event }: { readonly event: { readonly source: string; readonly order: string } },
): boolean {
  return friend.accepted !== null && isQualifiedBy(friend, event) && isOpen(friend)
}
