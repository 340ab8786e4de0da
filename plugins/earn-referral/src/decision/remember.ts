import { grant } from '@pointwell/plugin'
import type { ReferralMemory } from '../memory/referral-memory.js'
import type { ReferralContext, ReferralDecision } from './referral-context.js'

/** Something to remember, and no points. */
export function remember(
  { now }: Pick<ReferralContext, 'now'>,
  memory: ReferralMemory,
  details: unknown = null,
): ReferralDecision {
  return grant({ points: 0, because: [], at: now, memory, details })
}
