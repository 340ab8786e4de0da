import {
  type Command,
  closeDraft,
  freezePoints,
  isRefusal,
  type Json,
  openDraft,
  type PostingTerms,
  type Refusal,
  refuse,
  thawPoints,
  transactionId,
  voidFrozen,
} from '@pointwell/ledger'
import { markAct } from '../audit/act-mark.js'
import type { Acting } from '../audit/acting.js'
import { graceTo } from '../expiry/grace-to.js'
import { decisionKey, memberRequest } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyReads } from '../policy/policy-in-force.js'

/** What an operator asks for, checked. */
export interface FreezeRequest {
  /** Whole points; null: all that are available. */
  readonly points: number | null
  /** They are freed by themselves then, epoch milliseconds; null: only when an operator frees them. */
  readonly until: number | null
  readonly reason: string
  readonly idempotencyKey: string
  readonly by: string
}

/** What a freeze's transaction answers with. */
export interface FreezeResult {
  /** Names the freeze for ever: the transaction that made it. */
  readonly freeze: string
  readonly points: number
}

interface Tools {
  readonly policies: PolicyReads
  readonly acting?: Acting | null
}

/**
 * Locks available points (K2). Refuses INVALID_INPUT (`until`), AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE,
 * INSUFFICIENT_POINTS, IDEMPOTENCY_MISMATCH.
 */
export function freezeCommand(
  member: MemberProfile,
  { idempotencyKey, ...asked }: FreezeRequest,
  { policies, acting = null }: Tools,
): Command {
  return {
    ...memberRequest('freeze', member, idempotencyKey, { ...asked }),
    needs: { lots: true },
    decide(view) {
      const { until } = asked
      if (until !== null && until <= view.now) {
        return refuse('INVALID_INPUT', { field: 'until', detail: 'Expected a moment to come.' })
      }
      const policy = policies.at(view.now)
      const { available } = view.wallet.balance
      if (asked.points === null && available === 0) {
        return refuse('INSUFFICIENT_POINTS', { available, needed: 1 })
      }
      const ref = transactionId({ wallet: view.wallet.id, version: view.wallet.version + 1 })
      const draft = openDraft(view)
      const points = freezePoints(draft, {
        ref,
        points: asked.points ?? available,
        until,
        graceTo: until === null ? null : graceTo(policy, until),
      })
      if (isRefusal(points)) return points
      return closeDraft(draft, {
        type: 'freeze',
        reason: 'freeze',
        policyVersion: policy.version,
        result: resultOf({ freeze: ref, points }, acting, 'freezePoints'),
      })
    },
  }
}

/** What is left of a freeze can be used again. What ran out meanwhile goes by the policy (`reinstate`).
 * Refuses FREEZE_NOT_FOUND. */
export function thawCommand(freeze: FreezeName, by: EndedBy, tools: Tools): Command {
  return endCommand(freeze, by, tools, {
    act: 'thawPoints',
    terms: { type: 'thaw', reason: 'thaw' },
    end: (draft, policy) => {
      const { at } = draft
      return thawPoints(draft, { ref: freeze.id, graceTo: graceTo(policy, at) })
    },
  })
}

/** What is left of a freeze is taken for good. Refuses FREEZE_NOT_FOUND. */
export function voidCommand(freeze: FreezeName, by: EndedBy, tools: Tools): Command {
  return endCommand(freeze, by, tools, {
    act: 'voidFrozenPoints',
    terms: { type: 'void', reason: 'frozen' },
    end: (draft) => voidFrozen(draft, { ref: freeze.id, reason: 'frozen' }),
  })
}

export interface FreezeName {
  readonly id: string
  readonly wallet: number
}

export interface EndedBy {
  readonly by: string
  readonly reason: string
}

/** An operator's own word is one whenever it is sent again; another's finds nothing frozen any more. */
function endCommand(
  { id, wallet }: FreezeName,
  { by, reason }: EndedBy,
  { policies, acting = null }: Tools,
  how: {
    readonly act: string
    readonly terms: PostingTerms
    readonly end: (
      draft: ReturnType<typeof openDraft>,
      policy: ReturnType<PolicyReads['at']>,
    ) => number | Refusal
  },
): Command {
  return {
    wallet,
    key: decisionKey('freeze', [how.act, id, by]),
    content: { by, reason },
    needs: { lots: true },
    decide(view) {
      const draft = openDraft(view)
      const policy = policies.at(view.now)
      const points = how.end(draft, policy)
      if (isRefusal(points)) return refuse('FREEZE_NOT_FOUND', { field: 'id' })
      return closeDraft(draft, {
        ...how.terms,
        policyVersion: policy.version,
        corrects: id,
        result: resultOf({ freeze: id, points }, acting, how.act),
      })
    },
  }
}

function resultOf(result: FreezeResult, acting: Acting | null, act: string): Json {
  return { ...result, ...markAct(acting, act, { ...result }) }
}
