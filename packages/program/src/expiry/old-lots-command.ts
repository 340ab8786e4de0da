import { type Command, closeDraft, openDraft, openLots, refuse } from '@pointwell/ledger'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { shownExtension } from '../renewal/renew-lots.js'
import { endOldLots } from './end-old-lots.js'
import { type Grace, graceOf } from './grace.js'

/** What came of it in one wallet. */
export interface OldLotsResult {
  readonly lots: number
  readonly points: number
}

/** Gives the open old lots of a wallet their last day, once (X4). Refuses NOTHING_TO_EXTEND, also where
 * the policy has another grace by now. */
export function oldLotsCommand(
  { wallet, grace }: { wallet: number; grace: Grace },
  policies: PolicyReads,
): Command {
  return {
    wallet,
    key: `old-lots:${grace.id}:${wallet}`,
    content: {},
    needs: { lots: true },
    decide(view) {
      const policy = policies.at(view.now)
      if (graceOf(policy)?.id !== grace.id) return refuse('NOTHING_TO_EXTEND')
      const draft = openDraft(view)
      const lots = openLots(draft).map(({ seq }) => seq)
      const ended = endOldLots(draft, { lots, policy })
      if (ended.length === 0) return refuse('NOTHING_TO_EXTEND')
      const { calendar, version } = policy
      const result: OldLotsResult = {
        lots: ended.length,
        points: ended.reduce((sum, { points }) => sum + points, 0),
      }
      return closeDraft(draft, {
        type: 'extend',
        reason: 'old-lots',
        explanation: [
          {
            step: 'old-lots',
            points: 0,
            figures: {
              through: grace.through,
              lots: ended.map((it) => shownExtension(wallet, { ...it, calendar })),
            },
          },
        ],
        policyVersion: version,
        result: { ...result },
      })
    },
  }
}
