import type { PolicyInForce } from '../policy/policy-in-force.js'
import { expiresAt } from './expires-at.js'
import { findTerm, type TermSubject } from './find-term.js'
import { graceOf, isOld } from './grace.js'

/**
 * The first instant at which points are no longer usable, for whoever grants them: by the terms of the
 * policy (X1–X3); where they were earned before those began, not before the last day of old lots (X4).
 * Epoch milliseconds; null: never.
 */
export function lotEnd(
  policy: PolicyInForce,
  { earnedAt, ...subject }: TermSubject & { readonly earnedAt: number },
): number | null {
  const { document, calendar } = policy
  const end = expiresAt(findTerm(document, subject), { earnedAt, calendar })
  const grace = graceOf(policy)
  if (end === null || !grace || !isOld(grace, { kind: subject.kind, earnedAt })) return end
  return Math.max(end, grace.end)
}
