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
import { readMemoAt } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { type Grace, graceOf, isOld, UNHEARD_MS } from './grace.js'
import { lotEnd } from './lot-end.js'

/**
 * Gives those of the lots that are old the last day that the policy has for them (X4): lots that never
 * ended, where such points now would end too (not what gold earned), and lots that would have ended
 * before it. A lot without an end that a server granted which had not heard of the policy yet gets the
 * end that it should have had. Answers with what changed.
 */
export function endOldLots(
  draft: Draft,
  { lots, policy }: { lots: readonly number[]; policy: PolicyInForce },
): readonly Extended[] {
  const grace = graceOf(policy)
  if (!grace) return []
  const ends = lots.flatMap((seq): NewEnd[] => {
    const lot = findLot(draft, seq)
    if (!lot || !mayChange(grace, lot)) return []
    if (lot.expiresAt !== null) return [{ lot: seq, expiresAt: grace.end }]
    const ownEnd = endToday(draft, lot, policy)
    if (ownEnd === null) return []
    return [{ lot: seq, expiresAt: isOld(grace, lot) ? grace.end : ownEnd }]
  })
  const ended = extendLots(draft, { ends, unending: 'end' })
  if (isRefusal(ended)) throw new Error('a lot of the wallet is not in it')
  return ended
}

/** As far as the lot alone can tell. */
export function mayChange(grace: Grace, lot: Lot): boolean {
  if (lot.expiresAt !== null) return isOld(grace, lot) && lot.expiresAt < grace.end
  return isOld({ ...grace, earnedBefore: grace.earnedBefore + UNHEARD_MS }, lot)
}

/** What the lot's end would be if it were granted today; null: none, because its kind has none or it was
 * earned in a tier whose points never end. */
function endToday({ view }: Draft, lot: Lot, policy: PolicyInForce): number | null {
  const { kind, source, earnedAt } = lot
  if (!Object.hasOwn(policy.document.kinds, kind)) return graceOf(policy)!.end
  const memo = readMemoAt(view.wallet.memo, { now: view.now, calendar: policy.calendar })
  const tier = tierAt(memo, { policy, at: earnedAt }).id
  return lotEnd(policy, { kind, source, tier, earnedAt })
}
