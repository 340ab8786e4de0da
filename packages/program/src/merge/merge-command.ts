import {
  closeDraft,
  isRefusal,
  type Merge,
  mergeWallets,
  putRecord,
  setMemo,
} from '@pointwell/ledger'
import type { EarnSource, PluginWatch } from '@pointwell/plugin'
import { idsOf, type MemberProfile } from '../member/member-facts.js'
import { thawGraceTo } from '../membership/membership-commands.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { takeStock } from '../standing/take-stock.js'
import { joinMemos } from './join-memos.js'
import { movedRecord } from './moved-record.js'

export interface MergeTools {
  readonly policies: PolicyReads
  readonly sources: readonly EarnSource[]
  readonly watch?: PluginWatch | undefined
}

/**
 * All that a wallet holds and keeps goes to another, with what the programme remembers of its member (M8);
 * badges and tier are those of both together. Refuses BALANCE_TOO_LARGE, WALLET_MERGED.
 */
export function mergeCommand(
  { id, from, into }: { id: string; from: MemberProfile; into: MemberProfile },
  { policies, sources, watch }: MergeTools,
): Merge {
  return {
    from: from.wallet,
    into: into.wallet,
    key: `merge:${id}`,
    content: {},
    decide(views) {
      const { now } = views.into
      const policy = policies.at(now)
      const merged = mergeWallets(views, { graceTo: thawGraceTo(policy, now) })
      if (isRefusal(merged)) return merged
      const { lotNow } = merged
      const joined = joinMemos(
        { ids: idsOf(from), memo: readMemo(views.from.wallet.memo) },
        { ids: idsOf(into), memo: readMemo(views.into.wallet.memo) },
        { policy, now, sources, lotNow, watch },
      )
      const stock = takeStock(joined, { policy, now })
      const { maxAgeDays } = policy.document.events
      setMemo(merged.out, {})
      setMemo(merged.in, writeMemo(stock.memo, { now, calendar: policy.calendar, maxAgeDays }))
      const move = { from: from.wallet, into: into.wallet, memberId: into.id, lotNow }
      for (const record of views.from.records.values()) {
        if (record.wallet === from.wallet) putRecord(merged.in, movedRecord(record, move))
      }
      const terms = { type: 'merge', policyVersion: policy.version, result: { merge: id } } as const
      return {
        out: closeDraft(merged.out, { ...terms, reason: 'merge:out' }),
        in: closeDraft(merged.in, { ...terms, reason: 'merge:in', explanation: stock.steps }),
      }
    },
  }
}
