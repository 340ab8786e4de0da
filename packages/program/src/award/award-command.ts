import { type Command, closeDraft, isRefusal, type JsonObject, openDraft } from '@pointwell/ledger'
import type { AwardRequest } from '@pointwell/plugin'
import { memberRequest } from '../input/idempotency-key.js'
import { type MemberProfile, tierAt } from '../member/member-facts.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { grantAward } from './grant-award.js'

/** Gives a member points that a channel owes. Refuses AMOUNT_TOO_LARGE, BALANCE_TOO_LARGE,
 * IDEMPOTENCY_MISMATCH. */
export function awardCommand(
  member: MemberProfile,
  { plugin, idempotencyKey, points, kind, because }: Omit<AwardRequest, 'memberId'>,
  { policies }: { policies: PolicyReads },
): Command {
  const key = JSON.stringify([plugin, idempotencyKey])
  return {
    ...memberRequest('award', member, key, { points, ...(kind !== undefined && { kind }) }),
    decide(view) {
      const policy = policies.at(view.now)
      const draft = openDraft(view)
      const award = { points, because, ...(kind !== undefined && { kind }) }
      const given = grantAward(draft, { award, plugin, ref: idempotencyKey, policy })
      if (isRefusal(given)) return given
      const tier = tierAt(readMemo(view.wallet.memo), { policy, at: view.now }).id
      return closeDraft(draft, {
        type: 'grant',
        reason: `award:${plugin}`,
        explanation: because,
        policyVersion: policy.version,
        labels: { source: plugin, tier },
        result: { award: { points, kind: given } } satisfies JsonObject,
      })
    },
  }
}
