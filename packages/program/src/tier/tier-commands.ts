import {
  type Command,
  closeDraft,
  type JsonObject,
  openDraft,
  type Refusal,
  refuse,
  setMemo,
} from '@pointwell/ledger'
import { markAct } from '../audit/act-mark.js'
import type { Acting } from '../audit/acting.js'
import { memberRequest } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import { type ProgrammeMemo, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { takeStock } from '../standing/take-stock.js'
import { replaceFloor } from './tier-floor.js'

interface Tools {
  readonly policies: PolicyReads
  /** The operator who acts; null: a plugin does. */
  readonly acting: Acting | null
}

/**
 * The member is at least of this tier from now until a moment; null ends what was given. Refuses
 * INVALID_INPUT (`tier`, `until`), IDEMPOTENCY_MISMATCH.
 */
export function setTierCommand(
  member: MemberProfile,
  {
    given,
    idempotencyKey,
    policies,
    acting,
  }: Tools & { given: { tier: string; until: number } | null; idempotencyKey: string },
): Command {
  return {
    ...memberRequest('tier', member, idempotencyKey, {
      tier: given?.tier ?? null,
      until: given?.until ?? null,
      ...saidBy(acting),
    }),
    decide(view) {
      const { now } = view
      const policy = policies.at(now)
      const wrong = given && checkGiven(given, { policy, now })
      if (wrong) return wrong
      const memo = readMemo(view.wallet.memo)
      const floors = replaceFloor(memo.floors, { now, next: given })
      return noteMemo(
        openDraft(view),
        { memo: { ...memo, floors }, policy, now },
        {
          reason: 'tier:set',
          result: markAct(acting, 'setMemberTier', { tier: given ? { ...given } : null }),
        },
      )
    },
  }
}

/**
 * What the member spends from now through so many days counts by a factor for its tier (M4). Refuses
 * IDEMPOTENCY_MISMATCH.
 */
export function accelerateCommand(
  member: MemberProfile,
  {
    factor,
    days,
    idempotencyKey,
    policies,
    acting,
  }: Tools & { factor: string; days: number; idempotencyKey: string },
): Command {
  return {
    ...memberRequest('accelerate', member, idempotencyKey, { factor, days, ...saidBy(acting) }),
    decide(view) {
      const { now } = view
      const policy = policies.at(now)
      const { calendar } = policy
      const memo = readMemo(view.wallet.memo)
      // As terms of points go: one day lasts through the day after.
      const until = calendar.endOf(calendar.addDays(calendar.dateOf(now), days))
      const accelerators = [...memo.accelerators, { factor, from: now, until }]
      return noteMemo(
        openDraft(view),
        { memo: { ...memo, accelerators }, policy, now },
        {
          reason: 'tier:accelerate',
          result: {
            until,
            ...markAct(acting, 'grantTierAccelerator', { accelerator: { factor, until } }),
          },
        },
      )
    },
  }
}

function saidBy(acting: Acting | null): JsonObject {
  return acting ? { by: acting.by, reason: acting.reason } : {}
}

/** The operator may have changed the list of tiers since a page showed it. */
function checkGiven(
  { tier, until }: { tier: string; until: number },
  { policy, now }: { policy: PolicyInForce; now: number },
): Refusal | null {
  if (!policy.document.tiers.levels.some(({ id }) => id === tier)) {
    return refuse('INVALID_INPUT', { field: 'tier', detail: 'The policy has no such tier.' })
  }
  if (until > now) return null
  return refuse('INVALID_INPUT', { field: 'until', detail: 'Expected later than now.' })
}

function noteMemo(
  draft: ReturnType<typeof openDraft>,
  { memo, policy, now }: { memo: ProgrammeMemo; policy: PolicyInForce; now: number },
  { reason, result }: { reason: string; result: JsonObject },
) {
  const stock = takeStock(memo, { policy, now })
  const { calendar, document } = policy
  setMemo(draft, writeMemo(stock.memo, { now, calendar, maxAgeDays: document.events.maxAgeDays }))
  return closeDraft(draft, {
    type: 'note',
    reason,
    explanation: stock.steps,
    policyVersion: policy.version,
    result,
  })
}
