import type { Lot } from '@pointwell/ledger'
import { type TriedOn, termsFor } from '../experiment/variants-of.js'
import { tierAt } from '../member/member-facts.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { Buyer } from './offer-price.js'

/** The member as a price is made for it. `lots`: those that are open; only asked for where an offer has a
 * discount on points that run out soon. */
export function buyerOf({
  wallet,
  region,
  memo,
  lots,
  policy,
  now,
}: {
  wallet: TriedOn
  region: string | null
  memo: ProgrammeMemo
  lots: Iterable<Pick<Lot, 'available' | 'expiresAt'>>
  policy: PolicyInForce
  now: number
}): Buyer {
  return {
    tier: tierAt(memo, { policy, at: now }),
    region,
    isFirst: memo.redeemed === 0,
    variants: termsFor(policy.document.experiments, { wallet, at: now }),
    expiring: expiringPoints(lots, { policy, now }),
  }
}

/** Usable points of which the last day is at most `pricing.expiring.days` ahead (X6). */
export function expiringPoints(
  lots: Iterable<Pick<Lot, 'available' | 'expiresAt'>>,
  { policy: { document, calendar }, now }: { policy: PolicyInForce; now: number },
): number {
  const { days } = document.pricing.expiring
  const until = calendar.endOf(calendar.addDays(calendar.dateOf(now), days))
  let points = 0
  for (const { available, expiresAt } of lots) {
    if (expiresAt !== null && now < expiresAt && expiresAt <= until) points += available
  }
  return points
}
