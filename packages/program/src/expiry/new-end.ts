import type { Lot } from '@pointwell/ledger'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { findTerm } from './find-term.js'
import { graceOf, isOld, mayChange } from './grace.js'
import { lotEnd } from './lot-end.js'

/**
 * The end that the policy has for a lot that may be old (X4), epoch milliseconds; null: it keeps its
 * own. A lot that never ended gets one where such points now end too (not what gold earned); one that a
 * server granted which had not heard of the policy yet gets the end that it should have had.
 */
export function newEnd(
  lot: Pick<Lot, 'kind' | 'source' | 'earnedAt' | 'expiresAt'>,
  { policy, tierAt }: { policy: PolicyInForce; tierAt: (instant: number) => string },
): number | null {
  const grace = graceOf(policy)
  if (!grace || !mayChange(grace, lot)) return null
  const { kind, source, earnedAt } = lot
  if (lot.expiresAt !== null) return grace.end
  if (!Object.hasOwn(policy.document.kinds, kind)) return grace.end
  const subject = { kind, source, tier: tierAt(earnedAt) }
  if (!isOld(grace, lot)) return lotEnd(policy, { ...subject, earnedAt })
  return findTerm(policy.document, subject).term === 'never' ? null : grace.end
}
