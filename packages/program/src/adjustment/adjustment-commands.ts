import {
  type Command,
  closeDraft,
  type Draft,
  deductPoints,
  findRecord,
  grantPoints,
  isRefusal,
  type JsonObject,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  refuse,
  type WalletView,
} from '@pointwell/ledger'
import { activityAt } from '../activity/activity-at.js'
import { markAct } from '../audit/act-mark.js'
import type { Acting } from '../audit/acting.js'
import { lotEnd } from '../expiry/lot-end.js'
import { decisionKey, memberRequest } from '../input/idempotency-key.js'
import { type MemberProfile, tierAt } from '../member/member-facts.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { usualKind } from '../policy/usual-kind.js'
import {
  type Adjustment,
  type AdjustmentBody,
  adjustmentId,
  adjustmentRecord,
  adjustmentRecordId,
  readAdjustment,
} from './adjustment-record.js'

/** What figures and terms call the source of these points. */
const SOURCE = 'adjustment'

/** What an operator asks for, checked. */
export interface AdjustmentRequest {
  /** Whole points, not 0; below zero: a debit. */
  readonly points: number
  /** The points kind of a credit; null: the policy's. */
  readonly kind: string | null
  readonly reason: string
  readonly idempotencyKey: string
  readonly by: string
}

/**
 * Credits or debits, or has it wait for a second operator when it is of more points than the policy
 * lets one operator decide. Refuses INVALID_INPUT (`kind`), AMOUNT_TOO_LARGE, BALANCE_TOO_LARGE,
 * INSUFFICIENT_POINTS, IDEMPOTENCY_MISMATCH.
 */
export function requestCommand(
  member: MemberProfile,
  { idempotencyKey, ...asked }: AdjustmentRequest,
  { policies, acting = null }: { policies: PolicyReads; acting?: Acting | null },
): Command {
  const id = adjustmentId(member.wallet, idempotencyKey)
  return {
    ...memberRequest('adjust', member, idempotencyKey, { ...asked }),
    needs: { lots: true, records: [adjustmentRecordId(id)] },
    decide(view) {
      const policy = policies.at(view.now)
      const { approvalAbove } = policy.document.adjustments
      const body: AdjustmentBody = {
        memberId: member.id,
        points: asked.points,
        kind: asked.points > 0 ? (asked.kind ?? usualKind(policy)) : null,
        reason: asked.reason,
        status: 'waiting',
        requestedBy: asked.by,
        decidedBy: null,
        requestedAt: view.now,
        decidedAt: null,
        declineReason: null,
        version: null,
      }
      const unknown = checkKind(body, policy)
      if (unknown) return unknown
      const needsSecond = approvalAbove !== null && Math.abs(asked.points) > approvalAbove
      const audited = { act: 'adjustPoints', acting }
      if (!needsSecond) return book(view, { id, body, by: asked.by, policy, ...audited })
      const draft = openDraft(view)
      putRecord(draft, adjustmentRecord(id, body))
      return note(draft, 'adjustment:waiting', { id, body, policy, ...audited })
    },
  }
}

/** The second operator says yes, and the points move. Refuses ADJUSTMENT_DECIDED,
 * SECOND_OPERATOR_NEEDED, and what `requestCommand` does. */
export function approveCommand(
  { id, wallet }: Pick<Adjustment, 'id' | 'wallet'>,
  { by, policies, acting = null }: { by: string; policies: PolicyReads; acting?: Acting | null },
): Command {
  return {
    ...decisionOn({ id, wallet }, 'approve', { by }),
    needs: { lots: true, records: [adjustmentRecordId(id)] },
    decide(view) {
      const draft = openDraft(view)
      const waiting = findWaiting(draft, id)
      if (isRefusal(waiting)) return waiting
      if (waiting.requestedBy === by) return refuse('SECOND_OPERATOR_NEEDED')
      const policy = policies.at(view.now)
      const act = 'approveAdjustment'
      return (
        checkKind(waiting, policy) ?? book(view, { id, body: waiting, by, policy, act, acting })
      )
    },
  }
}

/** An operator says no, or takes back what was asked for; no points move. Refuses ADJUSTMENT_DECIDED. */
export function declineCommand(
  { id, wallet }: Pick<Adjustment, 'id' | 'wallet'>,
  {
    by,
    reason,
    policies,
    acting = null,
  }: { by: string; reason: string; policies: PolicyReads; acting?: Acting | null },
): Command {
  return {
    ...decisionOn({ id, wallet }, 'decline', { by, reason }),
    needs: { records: [adjustmentRecordId(id)] },
    decide(view) {
      const draft = openDraft(view)
      const waiting = findWaiting(draft, id)
      if (isRefusal(waiting)) return waiting
      const declined: AdjustmentBody = {
        ...waiting,
        status: 'declined',
        decidedBy: by,
        decidedAt: view.now,
        declineReason: reason,
      }
      putRecord(draft, adjustmentRecord(id, declined))
      return note(draft, 'adjustment:declined', {
        id,
        body: declined,
        policy: policies.at(view.now),
        act: 'declineAdjustment',
        acting,
      })
    },
  }
}

/** An operator's own decision is one whenever it is sent again; another's is another. */
function decisionOn(
  { id, wallet }: Pick<Adjustment, 'id' | 'wallet'>,
  act: 'approve' | 'decline',
  content: { by: string; reason?: string },
): Pick<Command, 'wallet' | 'key' | 'content'> {
  return {
    wallet,
    key: decisionKey('adjust', [act, id, content.by]),
    content,
  }
}

function findWaiting(draft: Draft, id: string): AdjustmentBody | Refusal {
  const record = findRecord(draft, adjustmentRecordId(id))
  if (!record) return refuse('ADJUSTMENT_NOT_FOUND', { field: 'id' })
  const { id: _, wallet: __, ...body } = readAdjustment(record)
  return body.status === 'waiting' ? body : refuse('ADJUSTMENT_DECIDED')
}

/** The operator may have taken the kind out of the policy since. */
function checkKind({ kind }: AdjustmentBody, { document }: PolicyInForce): Refusal | null {
  if (kind === null || Object.hasOwn(document.kinds, kind)) return null
  return refuse('INVALID_INPUT', { field: 'kind', detail: `The policy has no kind ${kind}.` })
}

interface Noted {
  readonly id: string
  readonly body: AdjustmentBody
  readonly policy: PolicyInForce
  /** For the audit. */
  readonly act: string
  readonly acting: Acting | null
}

interface Booking extends Noted {
  readonly by: string
}

function book(view: WalletView, { id, body, by, policy, act, acting }: Booking): Posting | Refusal {
  const draft = openDraft(view)
  const { points, kind } = body
  const memo = readMemo(view.wallet.memo)
  const tier = tierAt(memo, { policy, at: view.now }).id
  const activity = activityAt(memo, { policy, at: view.now })
  const moved =
    kind === null
      ? deductPoints(draft, { points: -points, reason: SOURCE })
      : grantPoints(draft, {
          kind,
          source: SOURCE,
          ref: id,
          points,
          earnedAt: view.now,
          claimMs: null,
          expiresAt: lotEnd(policy, { kind, source: SOURCE, tier, activity, earnedAt: view.now }),
        })
  if (isRefusal(moved)) return moved
  const done: AdjustmentBody = {
    ...body,
    status: 'done',
    decidedBy: by,
    decidedAt: view.now,
    version: view.wallet.version + 1,
  }
  putRecord(draft, adjustmentRecord(id, done))
  return closeDraft(draft, {
    type: 'adjust',
    reason: SOURCE,
    explanation: [{ step: SOURCE, points }],
    policyVersion: policy.version,
    labels: { source: SOURCE, tier },
    result: resultOf({ id, body: done, act, acting }),
  })
}

function note(draft: Draft, reason: string, { policy, ...noted }: Noted) {
  return closeDraft(draft, {
    type: 'note',
    reason,
    policyVersion: policy.version,
    result: resultOf(noted),
  })
}

function resultOf({ id, body, act, acting }: Omit<Noted, 'policy'>): JsonObject {
  const { points, kind, status } = body
  const said = acting && { ...acting, reason: acting.reason ?? body.reason }
  return { adjustment: id, ...markAct(said, act, { adjustment: { id, points, kind, status } }) }
}
