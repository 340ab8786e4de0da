import { campaignPoints, grant, type MemberFacts, refuse, step } from '@pointwell/plugin'
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
  const { memory, member, settings, others, acts, calendar, now } = context
  const friend = others[0]?.memory
  if (!friend || !isCalled(member, friend.accepted?.referrer) || !isEarnedBy(friend, context)) {
    return refuse('REFERRAL_ENDED')
  }
  if (!stands(acts[0])) return refuse('REFERRAL_ENDED')
  if (member.staff) return refuse('REFERRAL_STAFF')
  const { facts } = others[0]!
  if (isCalled(facts, memory.accepted?.referrer) || isRing(facts, others)) {
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

/** The friend's own points. Refuses REFERRAL_ENDED, REFERRAL_LOOP. */
export function decideWelcome(context: ContextOf<'welcome'>): ReferralDecision {
  const { memory, member, settings, others, acts } = context
  if (!isEarnedBy(memory, context) || !stands(acts[0])) return refuse('REFERRAL_ENDED')
  if (isCalled(member, memory.accepted?.referrer) || isRing(member, others)) {
    return refuse('REFERRAL_LOOP')
  }
  return points(context, { word: 'referral-friend', wanted: settings.friendPoints, memory })
}

/**
 * Whether somebody up the friend's line was brought by the friend. Those who accepted each other's codes at the
 * same moment did not see each other then; by now all of them are written. Two members who were merged may have
 * brought each other, too.
 */
function isRing(friend: MemberFacts, line: ContextOf<'reward'>['others']): boolean {
  return line.some((it) => it && isCalled(friend, it.memory.accepted?.referrer))
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
