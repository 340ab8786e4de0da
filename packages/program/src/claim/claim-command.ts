import { createHash } from 'node:crypto'
import {
  type Command,
  claimLots,
  closeDraft,
  isRefusal,
  openDraft,
  setMemo,
} from '@pointwell/ledger'
import { formerly, memberRequest } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import { actedAt, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'

/** A claim by a key of the member's own, or by the version of the wallet that it starts from. */
export type ClaimName =
  | { readonly idempotencyKey: string; readonly version?: undefined }
  | { readonly idempotencyKey?: undefined; readonly version: number }

/**
 * The member takes what is claimable: the named lots, or all. Refuses LOT_NOT_FOUND,
 * LOT_NOT_CLAIMABLE, CLAIM_TOO_LATE, and IDEMPOTENCY_MISMATCH (`lots`). With an idempotency key the
 * same claim is one whenever it is sent again (L4). Without one, it is named by the wallet's version
 * before it: of two that are sent side by side one goes through and the other is the same, but one
 * that is sent again when the first is done finds nothing left to claim, and is refused.
 */
export function claimCommand(
  member: MemberProfile,
  {
    lots,
    name,
    policies,
  }: { lots: readonly number[] | null; name: ClaimName; policies: PolicyReads },
): Command {
  const named = lots && [...new Set(lots)].sort((a, b) => a - b)
  return {
    ...requestOf(member, named, name),
    needs: { lots: named ? () => named : true },
    decide(view) {
      const { document, calendar, version: policyVersion } = policies.at(view.now)
      const draft = openDraft(view)
      const points = claimLots(draft, named ? { lots: named } : {})
      if (isRefusal(points)) return points
      const memo = readMemo(view.wallet.memo)
      setMemo(
        draft,
        writeMemo(
          { ...memo, ...actedAt(memo, { at: view.now, calendar }) },
          { now: view.now, calendar, maxAgeDays: document.events.maxAgeDays },
        ),
      )
      return closeDraft(draft, {
        type: 'claim',
        reason: 'claim',
        explanation: [{ step: 'claim', points }],
        policyVersion,
        result: { points },
      })
    },
  }
}

function requestOf(
  member: MemberProfile,
  lots: readonly number[] | null,
  { idempotencyKey, version }: ClaimName,
): Pick<Command, 'wallet' | 'key' | 'content' | 'formerly'> {
  if (idempotencyKey !== undefined) return memberRequest('claim', member, idempotencyKey, { lots })
  const { wallet } = member
  return {
    wallet,
    key: `claim:${wallet}:${version}:${nameOf(lots)}`,
    content: {},
    formerly: formerly(member, () => null),
  }
}

function nameOf(lots: readonly number[] | null): string {
  if (!lots) return 'all'
  return createHash('sha256').update(lots.join()).digest('base64url').slice(0, 22)
}
