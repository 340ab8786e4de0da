import { type Command, closeDraft, openDraft, setMemo } from '@pointwell/ledger'
import { enter } from '../experiment/entered.js'
import { type ProgrammeMemo, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { takeStock } from './take-stock.js'

/** Whether a member's tier or badges are not what was last noted: time or the policy moved them. Or whether
 * it enters an experiment, by the segments that it was found in. */
export function isStockDue(
  memo: ProgrammeMemo,
  { segments, ...at }: { segments: readonly string[]; policy: PolicyInForce; now: number },
): boolean {
  return (
    enter(memo.experiments, segments, at) !== memo.experiments ||
    takeStock(memo, at).steps.length > 0
  )
}

/** Notes where the member stands now, once a review. */
export function stockCommand(
  { id }: { readonly id: number },
  {
    review,
    segments,
    policies,
  }: { review: number; segments: readonly string[]; policies: PolicyReads },
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
      // Merged meanwhile: it was another member that was found in them.
      const found = view.wallet.id === id ? segments : []
      const experiments = enter(memo.experiments, found, { policy, now })
      const kept = { ...memo, experiments }
      setMemo(draft, writeMemo(kept, { now, calendar, maxAgeDays: document.events.maxAgeDays }))
      return closeDraft(draft, {
        type: 'note',
        reason: 'standing',
        explanation: steps,
        policyVersion: policy.version,
      })
    },
  }
}
