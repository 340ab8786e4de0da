import type { Cap } from '../policy/policy-document.js'

/** What a cap is for a tier; null: none. */
export function limitFor(cap: Cap, tier: string): number | null {
  return Object.hasOwn(cap.byTier, tier) ? cap.byTier[tier]! : cap.limit
}
