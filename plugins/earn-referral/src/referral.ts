import { defineEarnSource } from '@pointwell/plugin'
import { decideReferral } from './decision/decide-referral.js'
import { referralEvent, referralOnce } from './event/referral-event.js'
import { ReferralResolver } from './graphql/referral.resolver.js'
import { referralMembers } from './members/referral-members.js'
import { joinMemories } from './memory/join-memories.js'
import { referralMemory } from './memory/referral-memory.js'
import { PLUGIN_ID } from './plugin-id.js'
import { reactToAct } from './reaction/react-to-act.js'
import { referralRefusals, referralTitle, referralWords } from './referral-words.js'
import { referralSettings } from './settings/referral-settings.js'
import { CreateReferral1767225601050 } from './store/create-referral.migration.js'
import { ReferralCodeEntity } from './store/referral-code.entity.js'
import { ReferralFriendEntity } from './store/referral-friend.entity.js'
import { referralTasks } from './tasks/referral-tasks.js'

/** Points for members who bring friends (E4), when a friend's first event of one of these sources is
 * confirmed. Which of them count is a setting. */
export function followReferrals(follows: readonly [string, ...string[]]) {
  return defineEarnSource({
    id: PLUGIN_ID,
    version: '0.1.0',
    contract: '^1.0.0',
    title: referralTitle,
    core: false,
    settings: referralSettings(follows),
    event: referralEvent,
    memory: referralMemory,
    join: joinMemories,
    scope: 'member',
    once: ({ event }) => referralOnce(event),
    asks({ event }) {
      switch (event.act) {
        case 'accept':
          return { members: event.line }
        case 'reward': {
          const { source, order, friend } = event
          return { acts: [{ source, once: order, memberId: friend }], line: friend }
        }
        case 'welcome': {
          const { source, order, referrer } = event
          return { acts: [{ source, once: order }], line: referrer }
        }
        case 'qualify':
          return { acts: [{ source: event.source, once: event.order }] }
        default:
          return {}
      }
    },
    leadsTo: ({ accepted }) => accepted?.referrer ?? null,
    decide: decideReferral,
    reacts: { to: [...follows, PLUGIN_ID], with: reactToAct },
    tasks: referralTasks,
    resolvers: [ReferralResolver],
    entities: [ReferralCodeEntity, ReferralFriendEntity],
    migrations: [CreateReferral1767225601050],
    members: referralMembers,
    refusals: referralRefusals,
    words: referralWords,
  })
}

/** A friend's first confirmed order counts. */
export const referral = followReferrals(['purchase'])
