import type { EarnContext, EarnDecision } from '@pointwell/plugin'
import type { ReferralAct, ReferralEvent } from '../event/referral-event.js'
import type { ReferralMemory } from '../memory/referral-memory.js'
import type { ReferralSettings } from '../settings/referral-settings.js'

export type ReferralContext = EarnContext<ReferralSettings, ReferralEvent, ReferralMemory>
export type ContextOf<Act extends ReferralEvent['act']> = EarnContext<
  ReferralSettings,
  ReferralAct<Act>,
  ReferralMemory
>
export type ReferralDecision = EarnDecision<ReferralMemory>
