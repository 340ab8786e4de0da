import { refuse } from '@pointwell/plugin'
import { isQualifiedBy } from '../memory/referral-memory.js'
import { decideAccept } from './decide-accept.js'
import { decideReward, decideWelcome } from './decide-reward.js'
import type { ContextOf, ReferralContext, ReferralDecision } from './referral-context.js'
import { remember } from './remember.js'
import { stands } from './stands.js'
import { withMarks } from './with-marks.js'

/** What a step of a referral is worth (E4): see the refusals of each. */
export function decideReferral(context: ReferralContext): ReferralDecision {
  switch (context.event.act) {
    case 'mark':
      return decideMark(context as ContextOf<'mark'>)
    case 'accept':
      return decideAccept(context as ContextOf<'accept'>)
    case 'rule':
      return decideRuling(context as ContextOf<'rule'>)
    case 'qualify':
      return decideQualify(context as ContextOf<'qualify'>)
    case 'welcome':
      return decideWelcome(context as ContextOf<'welcome'>)
    case 'reward':
      return decideReward(context as ContextOf<'reward'>)
    case 'lose':
      return decideLoss(context as ContextOf<'lose'>)
  }
}

function decideMark(context: ContextOf<'mark'>): ReferralDecision {
  return remember(context, withMarks(context.memory, context.event))
}

/** Refuses REFERRAL_NOT_HELD. */
function decideRuling(context: ContextOf<'rule'>): ReferralDecision {
  const { memory, event } = context
  if (memory.held === null) return refuse('REFERRAL_NOT_HELD')
  return remember(context, { ...memory, ruling: event.release ? 'released' : 'refused' })
}

/** Refuses REFERRAL_ENDED: there is no referral, another act was first, or this one does not stand. */
function decideQualify(context: ContextOf<'qualify'>): ReferralDecision {
  const { memory, event, acts } = context
  const { source, order } = event
  if (!memory.accepted || memory.qualified || !stands(acts[0])) {
    return refuse('REFERRAL_ENDED')
  }
  return remember(context, { ...memory, qualified: { source, order } })
}

/** Refuses REFERRAL_ENDED: it is not this act that counted. */
function decideLoss(context: ContextOf<'lose'>): ReferralDecision {
  const { memory, event } = context
  if (!isQualifiedBy(memory, event)) return refuse('REFERRAL_ENDED')
  return remember(context, { ...memory, lost: true })
}
