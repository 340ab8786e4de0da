import { openCalendar } from '@pointwell/plugin'
import type { PolicyDocument } from '../policy/policy-document.js'
import type { DocumentFault } from '../policy/read-policy.js'

/**
 * Makes sure that a new version of the policy takes no points at once (X4): the last day that it has
 * for old lots lies ahead when it begins, unless the version before had the very same. Says what is old,
 * where the operator left that to be the version's own beginning. `from`: when it begins, or is written.
 */
export function settleGrace(
  document: PolicyDocument,
  { before, from }: { before: PolicyDocument | undefined; from: number },
): { readonly document: PolicyDocument } | { readonly faults: readonly DocumentFault[] } {
  const { oldLots } = document.expiry
  if (oldLots.policy === 'keep') return { document }
  const known = before?.expiry.oldLots
  const same =
    known?.policy === 'grace' &&
    known.through === oldLots.through &&
    JSON.stringify(known.kinds) === JSON.stringify(oldLots.kinds) &&
    (oldLots.earnedBefore === null || oldLots.earnedBefore === known.earnedBefore)
  if (same) return { document: { ...document, expiry: { ...document.expiry, oldLots: known } } }
  const today = openCalendar(document.programme.zone).dateOf(from)
  if (oldLots.through <= today) {
    const message = `Expected a day after ${today}: no change of policy takes points at once.`
    return { faults: [{ path: 'expiry.oldLots.through', message }] }
  }
  const earnedBefore = oldLots.earnedBefore ?? new Date(from).toISOString()
  const settled = { ...oldLots, earnedBefore }
  return { document: { ...document, expiry: { ...document.expiry, oldLots: settled } } }
}
