import {
  type Command,
  closeDraft,
  isClosed,
  lockOf,
  openDraft,
  type Refusal,
  refuse,
  setUsableUntil,
  type WalletView,
} from '@pointwell/ledger'
import { markAct } from '../audit/act-mark.js'
import type { Acting } from '../audit/acting.js'
import { memberKey, memberRequest } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'

/** What a storefront or an operator asks for, checked. */
export interface MembershipRequest {
  /** The first instant at which it has run out, null: never; undefined: a term longer than now. */
  readonly until?: number | null | undefined
  readonly reason: string | null
  readonly idempotencyKey: string
  readonly by: string
}

/**
 * Sets the end of a membership, or makes it a term longer: from its end on, or where it has run out
 * from today on. A membership without an end stays one. Where it had run out and goes on, everything
 * thaws that nobody froze by name. Refuses MEMBERSHIP_OFF, IDEMPOTENCY_MISMATCH.
 */
export function membershipCommand(
  member: MemberProfile,
  { idempotencyKey, until: asked, reason, by }: MembershipRequest,
  { policies, acting = null }: { policies: PolicyReads; acting?: Acting | null },
): Command {
  return {
    ...memberRequest('membership', member, idempotencyKey, {
      ...(asked === undefined ? { renew: true } : { until: asked }),
      reason,
      by,
    }),
    needs: { lots: true },
    decide(view) {
      const policy = policies.at(view.now)
      const { enabled, renewalMonths } = policy.document.membership
      if (!enabled && asked !== null) return refuse('MEMBERSHIP_OFF')
      const until = asked === undefined ? renewed(view, policy, renewalMonths) : asked
      const act = asked === undefined ? 'renewMembership' : 'setMembership'
      return post(view, { until, policy, act, acting })
    },
  }
}

/** A new member's first term. Does nothing (and refuses) where anything happened to the wallet before:
 * then it is not a new one. */
export function firstTermCommand(wallet: number, policies: PolicyReads): Command {
  return {
    wallet,
    key: memberKey('membership', { wallet }, 'first term'),
    content: {},
    decide(view) {
      const policy = policies.at(view.now)
      const { enabled, firstTermMonths } = policy.document.membership
      if (!enabled || firstTermMonths === null || view.wallet.version > 0) {
        return refuse('MEMBERSHIP_OFF')
      }
      const until = termFrom(view.now, firstTermMonths, policy)
      return post(view, { until, policy, act: 'registerMember', acting: null })
    },
  }
}

function renewed(view: WalletView, policy: PolicyInForce, months: number): number | null {
  const lock = lockOf(view.wallet)
  if (lock.usableUntil === null) return null
  const from = isClosed(lock, view.now) ? view.now : lock.usableUntil
  return termFrom(from, months, policy)
}

/** So many months from the day of an instant on: the first instant of the day after its last. */
function termFrom(at: number, months: number, { calendar }: PolicyInForce): number {
  return calendar.startOf(calendar.addMonths(calendar.dateOf(at), months))
}

/** The new expiry of points that ran out while a membership had lapsed, where it goes on at `at`; null: they
 * are lost. */
export function thawGraceTo({ document, calendar }: PolicyInForce, at: number): number | null {
  const { ranOut } = document.membership
  if (ranOut.policy === 'expire') return null
  return calendar.endOf(calendar.addDays(calendar.dateOf(at), ranOut.graceDays))
}

function post(
  view: WalletView,
  {
    until,
    policy,
    act,
    acting,
  }: { until: number | null; policy: PolicyInForce; act: string; acting: Acting | null },
): ReturnType<Command['decide']> | Refusal {
  const { version: policyVersion } = policy
  const before = lockOf(view.wallet).usableUntil
  const draft = openDraft(view)
  const graceTo = thawGraceTo(policy, view.now)
  const thawed = setUsableUntil(draft, { usableUntil: until, graceTo })
  return closeDraft(draft, {
    type: draft.entries.size > 0 ? 'thaw' : 'note',
    reason: 'membership',
    policyVersion,
    result: { until, thawed, ...markAct(acting, act, { membership: { before, until } }) },
  })
}
