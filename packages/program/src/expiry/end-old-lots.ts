import {
  type Draft,
  type Extended,
  extendLots,
  findLot,
  isRefusal,
  type Lot,
  type NewEnd,
} from '@pointwell/ledger'
import { tierAt } from '../member/member-facts.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { findTerm } from './find-term.js'
import { type Grace, graceOf, isOld } from './grace.js'

/**
 * Gives those of the lots that are old the last day that the policy has for them (X4): lots that never
 * ended, where such points now would end too (not what gold earned), and lots that would have ended
 * before it. Answers with what changed.
 */
export function endOldLots(
  draft: Draft,
  { lots, policy }: { lots: readonly number[]; policy: PolicyInForce },
): readonly Extended[] {
  const grace = graceOf(policy)
  if (!grace) return []
  const ends = lots.flatMap((seq): NewEnd[] => {
    const lot = findLot(draft, seq)
    return lot && mayChange(grace, lot) && !isForEver(draft, lot, policy)
      ? [{ lot: seq, expiresAt: grace.end }]
      : []
  })
  const ended = extendLots(draft, { ends, unending: 'end' })
  if (isRefusal(ended)) throw new Error('a lot of the wallet is not in it')
  return ended
}

/** As far as the lot alone can tell. */
export function mayChange(grace: Grace, lot: Lot): boolean {
  return isOld(grace, lot) && (lot.expiresAt === null || lot.expiresAt < grace.end)
}

/** A lot without an end, whose like would have none today: of a kind without one, or earned in a tier
 * whose points never end. */
function isForEver({ view }: Draft, lot: Lot, policy: PolicyInForce): boolean {
  if (lot.expiresAt !== null || !Object.hasOwn(policy.document.kinds, lot.kind)) return false
  const tier = tierAt(readMemo(view.wallet.memo), { policy, at: lot.earnedAt }).id
  const { kind, source } = lot
  return findTerm(policy.document, { kind, source, tier }).term === 'never'
}
