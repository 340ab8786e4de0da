import { type Draft, type Extended, extendLots, findLot, isRefusal } from '@pointwell/ledger'
import { tierAt } from '../member/member-facts.js'
import { readMemoAt } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { graceOf } from './grace.js'
import { newEnd } from './new-end.js'

/**
 * Gives those of the lots that are old the last day that the policy has for them (X4). `takenAt`, epoch
 * milliseconds: of points that come back, when they were taken; lots that had points after the last day had
 * the end that they should have, also where it is none, as of what somebody of a higher tier gave (L10).
 * Answers with what changed.
 */
export function endOldLots(
  draft: Draft,
  { lots, policy, takenAt }: { lots: readonly number[]; policy: PolicyInForce; takenAt?: number },
): readonly Extended[] {
  const grace = graceOf(policy)
  if (!grace || (takenAt !== undefined && takenAt >= grace.end)) return []
  const { now, wallet } = draft.view
  const memo = readMemoAt(wallet.memo, { now, calendar: policy.calendar })
  const ends = lots.flatMap((seq) => {
    const lot = findLot(draft, seq)
    const end = lot && newEnd(lot, { policy, tierAt: (at) => tierAt(memo, { policy, at }).id })
    return typeof end === 'number' ? [{ lot: seq, expiresAt: end }] : []
  })
  const ended = extendLots(draft, { ends, unending: 'end' })
  if (isRefusal(ended)) throw new Error('a lot of the wallet is not in it')
  return ended
}
