import type { FollowedAct, ReactContext, Reaction } from '@pointwell/plugin'
import { onceFor, type ReferralEvent } from '../event/referral-event.js'
import { isOpen, isQualifiedBy, type ReferralMemory } from '../memory/referral-memory.js'
import { PLUGIN_ID } from '../plugin-id.js'
import type { ReferralSettings } from '../settings/referral-settings.js'

type Context = ReactContext<ReferralSettings, ReferralMemory>

/**
 * What a friend's act calls for. The first that counts is remembered in the friend's own wallet; that in
 * turn, or an operator's release, gives both their points. When the act that counted no longer stands,
 * both lose them, for good.
 */
export function reactToAct(context: Context): readonly Reaction[] {
  return context.act.source === PLUGIN_ID ? reactToOwn(context) : reactToOther(context)
}

function reactToOther({ act, member, memory, settings }: Context): Reaction[] {
  const { accepted, qualified, aside } = memory
  const { source, once: order } = act
  const second = aside.find((it) => it.source === source && it.order === order)
  if (second && !stands(act)) return takeBack(second, second)
  if (!accepted) return []
  const earn = (event: ReferralEvent): Reaction => ({ earn: { memberId: member.id, event } })
  if (!qualified) {
    const counts =
      stands(act) &&
      act.at >= accepted.at &&
      settings.qualifyingSources.some((qualifying) => qualifying === source)
    return counts ? [earn({ act: 'qualify', source, order })] : []
  }
  if (!isQualifiedBy(memory, { source, order }) || stands(act)) return []
  const named = { friend: member.id, ...accepted }
  return [...takeBack(named, qualified), earn({ act: 'lose', source, order })]
}

function reactToOwn({ act, member, memory, settings }: Context): Reaction[] {
  const event = act.event as ReferralEvent
  const { accepted, qualified } = memory
  if (event.act === 'rule' && !event.release && accepted && qualified) {
    // What had been given before it was held.
    return takeBack({ friend: member.id, ...accepted }, qualified)
  }
  const calls = event.act === 'qualify' || (event.act === 'rule' && event.release)
  if (!calls || !accepted || !qualified || !isOpen(memory)) return []
  const friend = member.id
  const reward: ReferralEvent = { act: 'reward', friend: accepted.friend ?? friend, ...qualified }
  const welcome: ReferralEvent = { act: 'welcome', referrer: accepted.referrer, ...qualified }
  return [
    ...(settings.friendPoints > 0 ? [{ earn: { memberId: friend, event: welcome } }] : []),
    { earn: { memberId: accepted.referrer, event: reward } },
  ]
}

/** Confirmed, and not given back as a whole: points or spend of it are left. */
function stands({ status, standing, qualifyingMinor }: FollowedAct): boolean {
  return status === 'confirmed' && standing + qualifyingMinor > 0
}

/** Both lose their points. The reward has the name that the friend had when it accepted. */
function takeBack(
  { referrer, friend }: { readonly referrer: string; readonly friend: string },
  act: { readonly source: string; readonly order: string },
): Reaction[] {
  return [
    { cancel: { memberId: friend, once: onceFor('welcome', act) } },
    { cancel: { memberId: referrer, once: `reward:${friend}` } },
  ]
}
