export { type ReferralEvent, referralEvent } from './event/referral-event.js'
export { type ReferralMemory, referralMemory } from './memory/referral-memory.js'
export { followReferrals, referral } from './referral.js'
export { type ReferralSettings, referralSettings } from './settings/referral-settings.js'
