import { type Command, closeDraft, openDraft, setMemo } from '@pointwell/ledger'
import { type ProgrammeMemo, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { takeStock } from './take-stock.js'

/** Whether a member's tier or badges are not what was last noted: time or the policy moved them. */
export function isStockDue(
  memo: ProgrammeMemo,
  at: { policy: PolicyInForce; now: number },
): boolean {
  return takeStock(memo, at).steps.length > 0
}

/** Notes where the member stands now, once a review. */
export function stockCommand(
  { id }: { readonly id: number },
  { review, policies }: { review: number; policies: PolicyReads },
): Command {
  return {
    wallet: id,
    key: `stock:${id}:${review}`,
    content: {},
    decide(view) {
      const { now } = view
      const policy = policies.at(now)
      const { memo, steps } = takeStock(readMemo(view.wallet.memo), { policy, now })
      const draft = openDraft(view)
      const { calendar, document } = policy
      setMemo(draft, writeMemo(memo, { now, calendar, maxAgeDays: document.events.maxAgeDays }))
      return closeDraft(draft, {
        type: 'note',
        reason: 'standing',
        explanation: steps,
        policyVersion: policy.version,
      })
    },
  }
}
