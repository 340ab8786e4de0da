import { type Draft, grantPoints, isRefusal, type Refusal } from '@pointwell/ledger'
import type { Award } from '@pointwell/plugin'
import { activityAt } from '../activity/activity-at.js'
import { lotEnd } from '../expiry/lot-end.js'
import { tierAt } from '../member/member-facts.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { usualKind } from '../policy/usual-kind.js'

/**
 * Puts what a channel gives into the wallet (R12): one lot, usable at once, with the terms of its kind and
 * of the channel as its source. Answers with the kind. Refuses AMOUNT_TOO_LARGE, BALANCE_TOO_LARGE.
 */
export function grantAward(
  draft: Draft,
  {
    award,
    plugin,
    ref,
    policy,
  }: { award: Award; plugin: string; ref: string; policy: PolicyInForce },
): string | Refusal {
  const { now, wallet } = draft.view
  const kind =
    award.kind !== undefined && Object.hasOwn(policy.document.kinds, award.kind)
      ? award.kind
      : usualKind(policy)
  const memo = readMemo(wallet.memo)
  const terms = {
    kind,
    source: plugin,
    tier: tierAt(memo, { policy, at: now }).id,
    activity: activityAt(memo, { policy, at: now }),
    earnedAt: now,
  }
  const granted = grantPoints(draft, {
    kind,
    source: plugin,
    ref,
    points: award.points,
    earnedAt: now,
    claimMs: null,
    expiresAt: lotEnd(policy, terms),
  })
  return isRefusal(granted) ? granted : kind
}
