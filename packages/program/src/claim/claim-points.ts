import { createHash } from 'node:crypto'
import {
  type Command,
  claimLots,
  closeDraft,
  isRefusal,
  openDraft,
  setMemo,
} from '@pointwell/ledger'
import type { MemberProfile } from '../member/member-facts.js'
import { activeAt, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'

/**
 * The member takes what is claimable: the named lots, or all. Refuses LOT_NOT_FOUND,
 * LOT_NOT_CLAIMABLE, CLAIM_TOO_LATE. `version` is the wallet's as the member saw it: the same claim
 * sent twice is one, and a later one for new points is another.
 */
export function claimCommand(
  member: MemberProfile,
  {
    lots,
    version,
    policies,
  }: { lots: readonly number[] | null; version: number; policies: PolicyReads },
): Command {
  const named = lots && [...new Set(lots)].sort((a, b) => a - b)
  return {
    wallet: member.wallet,
    key: `claim:${member.wallet}:${version}:${nameOf(named)}`,
    content: {},
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
          { ...memo, lastActiveAt: activeAt(memo, view.now) },
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

function nameOf(lots: readonly number[] | null): string {
  if (!lots) return 'all'
  return createHash('sha256').update(lots.join()).digest('base64url').slice(0, 22)
}
