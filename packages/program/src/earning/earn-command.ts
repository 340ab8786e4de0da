import {
  type Command,
  closeDraft,
  grantPoints,
  isRefusal,
  type Json,
  type JsonObject,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  setMemo,
  type WalletView,
} from '@pointwell/ledger'
import {
  type EarnSource,
  failPlugin,
  type Grant,
  type ReportFault,
  runDecision,
  runItems,
} from '@pointwell/plugin'
import { applyCaps, type Capped, moveCounters } from '../caps/apply-caps.js'
import { capOrder } from '../caps/cap-order.js'
import { expiresAt } from '../expiry/expires-at.js'
import { findTerm } from '../expiry/find-term.js'
import { type MemberProfile, memberFacts } from '../member/member-facts.js'
import { checkMayEarn } from '../membership/check-membership.js'
import { activeAt, type ProgrammeMemo, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { addSpend } from '../tier/qualifying-spend.js'
import {
  type AskedFacts,
  actsSeen,
  askedRecords,
  NOTHING_ASKED,
  seenToKeep,
} from './asked-facts.js'
import {
  type EarnBody,
  earnKey,
  earnLabels,
  earnRecordId,
  earnRef,
  earnResult,
  writeEarnBody,
} from './earn-record.js'
import { checkEventTime, eventTime } from './event-time.js'
import { readMemory } from './read-memory.js'

export interface EarnSubject {
  readonly source: EarnSource
  readonly member: MemberProfile
  /** As the source's schema made it. */
  readonly event: unknown
  readonly once: string
  /** What the source asked to see; absent: nothing. */
  readonly asked?: AskedFacts
}

/**
 * An event as a command for the ledger: the source's decision on the member as it is under the
 * lock, then caps, terms and the tier's spend. What was asked for is the event and the member, so
 * that a changed resend is named by its field (L4). Refuses EVENT_TOO_OLD, EVENT_IN_FUTURE,
 * BALANCE_TOO_LARGE, and what the source refuses.
 */
export function earnCommand(
  subject: EarnSubject,
  { policies, report }: { policies: PolicyReads; report?: ReportFault },
): Command {
  const { source, member } = subject
  const ref = earnRef({ source, memberId: member.id, once: subject.once })
  return {
    wallet: member.wallet,
    key: earnKey('earn', source, ref),
    content: contentOf(subject),
    needs: {
      records: [earnRecordId(source, ref), ...askedRecords(subject.asked ?? NOTHING_ASKED)],
    },
    decide: (view) => decide(view, { ...subject, ref, policy: policies.at(view.now), report }),
  }
}

/** What is compared when the same act comes again. The member first: an order sent for somebody else
 * differs in that before all. When a member's own act happened is not a part of it: its once-key
 * says all there is to say (the second check-in today is the first one). */
function contentOf({ source, member, event }: EarnSubject): JsonObject {
  const { at, ...others } = event as JsonObject
  const compared = source.scope === 'member' ? others : { at, ...others }
  return Object.assign({ memberId: member.id }, compared, { memberId: member.id })
}

interface Case extends EarnSubject {
  readonly ref: string
  readonly policy: PolicyInForce
  readonly report: ReportFault | undefined
}

function decide(view: WalletView, earn: Case): Posting | Refusal {
  const { source, member, policy } = earn
  const { now } = view
  const at = eventTime(earn.event, now)
  const outOfTime = checkEventTime(at, { now, policy })
  if (outOfTime) return outOfTime
  const lapsed = checkMayEarn(view.wallet, { at, policy })
  if (lapsed) return lapsed

  const memo = readMemo(view.wallet.memo)
  const facts = memberFacts(member, { policy, memo, at, source: source.id })
  const memory = readMemory(source, ownValue(memo.sources, source.id), earn.report)
  const { others } = earn.asked ?? NOTHING_ASKED
  const seen = { acts: actsSeen(earn.asked ?? NOTHING_ASKED, view), others }
  const context = {
    event: earn.event,
    member: facts,
    memory,
    ...seen,
    settings: policy.document.sources[source.id]?.settings,
    calendar: policy.calendar,
    now,
    currency: policy.document.programme.currency,
  }
  const options = earn.report && { report: earn.report }
  const decision = runDecision(source, context, options)
  if (isRefusal(decision)) return decision
  const late = decision.at === at ? null : checkEventTime(decision.at, { now, policy })
  if (late) return late

  const tier = facts.tier.id
  const isOrder = source.scope === 'programme'
  const ordered = capOrder(policy.document, {
    points: decision.points,
    isOrder,
    tier,
    items: () => runItems(source, context, options),
  })
  const capped = applyCaps(policy.document, {
    points: ordered.points,
    source: source.id,
    behaviour: decision.behaviour,
    isOrder,
    tier,
    date: policy.calendar.dateOf(decision.at),
    calendar: policy.calendar,
    counters: memo.caps,
  })
  const kind = kindOf(earn, decision)
  const draft = openDraft(view)
  const lot = grantPoints(draft, {
    kind,
    source: source.id,
    ref: earn.ref,
    points: capped.points,
    earnedAt: decision.at,
    ...(decision.pending && { pending: decision.pending }),
    claimMs: decision.claimMs ?? null,
    expiresAt: expiresAt(
      findTerm(policy.document, { kind, source: source.id, tier, own: decision.expiry }),
      {
        earnedAt: decision.at,
        calendar: policy.calendar,
      },
    ),
  })
  if (isRefusal(lot)) return lot

  setMemo(
    draft,
    writeMemo(memoAfter(memo, { earn, decision, capped, now }), {
      now,
      calendar: policy.calendar,
      maxAgeDays: policy.document.events.maxAgeDays,
    }),
  )
  const body: EarnBody = {
    memberId: member.id,
    once: earn.once,
    event: earn.event,
    at: decision.at,
    decidedAt: now,
    policyVersion: policy.version,
    facts,
    memory,
    ...seenToKeep(source, seen),
    ...(decision.core !== undefined && { core: decision.core }),
    lots: lot ? [lot.seq] : [],
    version: view.wallet.version + 1,
    granted: capped.points,
    standing: capped.points,
    qualifyingMinor: decision.qualifyingMinor ?? 0,
    month: monthOf(policy, decision.at),
    counted: capped.counted,
    pending: decision.pending ?? null,
    confirmedAt: null,
    cancelledAt: null,
    returns: [],
    forgiven: 0,
  }
  putRecord(draft, {
    ...earnRecordId(source, earn.ref),
    body: writeEarnBody(body),
    dueAt: null,
  })
  return closeDraft(draft, {
    type: capped.points > 0 ? 'grant' : 'note',
    reason: source.id,
    explanation: [...decision.because, ...ordered.steps, ...capped.steps],
    policyVersion: policy.version,
    effectiveAt: decision.at,
    labels: earnLabels(source, body),
    result: {
      ...earnResult(earn, capped.points, decision.details),
      ...(decision.pending && { confirmAt: decision.pending.confirmAt }),
    } as unknown as Json,
  })
}

/** The member's state once the event went in. */
function memoAfter(
  memo: ProgrammeMemo,
  {
    earn: { source, ref, policy },
    decision,
    capped,
    now,
  }: { earn: Case; decision: Grant; capped: Capped; now: number },
): ProgrammeMemo {
  const minor = decision.qualifyingMinor ?? 0
  const month = monthOf(policy, decision.at)
  const thisYear = Number(policy.calendar.dateOf(now).slice(0, 4))
  const spent =
    minor === 0
      ? {}
      : decision.pending
        ? {
            waiting: {
              ...memo.waiting,
              [orderName(source, ref)]: { month, minor, confirmAt: decision.pending.confirmAt },
            },
          }
        : { spend: addSpend(memo.spend, { month, minor, thisYear }) }
  return {
    ...memo,
    ...spent,
    caps: moveCounters(memo.caps, capped.counted, {
      points: capped.points,
      orders: capped.points > 0 ? 1 : 0,
    }),
    sources:
      decision.memory === undefined
        ? memo.sources
        : { ...memo.sources, [source.id]: decision.memory },
    lastActiveAt: activeAt(memo, decision.at),
  }
}

/** How the member's state calls an order whose spend waits. */
export function orderName(source: { readonly id: string }, ref: string): string {
  return `${source.id}:${ref}`
}

function kindOf({ source, policy, report }: Case, decision: Grant): string {
  const kind = decision.kind ?? policy.document.sources[source.id]?.kind
  if (kind !== undefined && Object.hasOwn(policy.document.kinds, kind)) return kind
  throw failPlugin(report, {
    plugin: source.id,
    operation: 'decide',
    reason: 'nonsense',
    fault: `it would grant points of the kind ${kind}, which the policy does not have`,
  })
}

function monthOf({ calendar }: PolicyInForce, at: number): string {
  return calendar.dateOf(at).slice(0, 7)
}

function ownValue(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
