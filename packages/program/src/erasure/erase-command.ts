import {
  type Command,
  closeDraft,
  endWallet,
  openDraft,
  refuse,
  setMemo,
  type WalletEnded,
} from '@pointwell/ledger'
import type { PolicyReads } from '../policy/policy-in-force.js'
import type { Erasure } from './erasure-rows.js'

/** Whatever is left in the wallet is forfeited (`voided:erased`), what it owes is let off
 * (`forgiven:erased`), and it is closed for good. Refuses ERASURE_BLOCKED where points are on hold. */
export function eraseCommand(
  { id, wallet }: Pick<Erasure, 'id' | 'wallet'>,
  policies: PolicyReads,
): Command {
  return {
    wallet,
    key: `erase:${id}`,
    content: {},
    needs: { lots: true },
    decide(view) {
      const { held } = view.wallet.balance
      if (held > 0) return refuse('ERASURE_BLOCKED', { field: 'memberId', available: held })
      const draft = openDraft(view)
      const ended = endWallet(draft, { reason: 'erased' })
      setMemo(draft, {})
      return closeDraft(draft, {
        type: ended.forfeited > 0 ? 'void' : 'note',
        reason: 'erased',
        explanation: [{ step: 'erased', points: -ended.forfeited }],
        policyVersion: policies.at(view.now).version,
        result: { ...ended },
      })
    },
  }
}

export function endedBy(result: unknown): WalletEnded {
  return result as WalletEnded
}
