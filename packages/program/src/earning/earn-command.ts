import {
  type Command,
  closeDraft,
  isRefusal,
  type Json,
  type JsonObject,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  refuse,
  setMemo,
  transactionId,
  type WalletView,
  withholdLots,
} from '@pointwell/ledger'
import {
  cutCampaigns,
  type EarnSource,
  failPlugin,
  type Grant,
  type PluginWatch,
  runDecision,
  runItems,
} from '@pointwell/plugin'
import { isAskedFor } from '../badge/award-badges.js'
import { boostAt, countBoost, tellBoosts } from '../boost/earning-boost.js'
import { shardOf } from '../budget/budget-shards.js'
import { budgetCounters, type Issuing, withinBudgets } from '../budget/within-budgets.js'
import { grantParts } from '../campaign/grant-parts.js'
import type { KeptPart } from '../campaign/kept-parts.js'
import { possibleCampaigns } from '../campaign/open-campaigns.js'
import { applyCaps, type Counted, moveCounters } from '../caps/apply-caps.js'
import { capOrder } from '../caps/cap-order.js'
import type { Deed } from '../deeds/deeds.js'
import { deedOf, keptDeed, recordDeed } from '../deeds/record-deed.js'
import { graceTo } from '../expiry/grace-to.js'
import { lotEnd } from '../expiry/lot-end.js'
import { formerly } from '../input/idempotency-key.js'
import { type MemberProfile, memberFacts } from '../member/member-facts.js'
import { checkMayEarn } from '../membership/check-membership.js'
import { actedAt, type ProgrammeMemo, readMemoAt, writeMemo } from '../memo/programme-memo.js'
import type { Pauses } from '../pause/open-pauses.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { renewLots } from '../renewal/renew-lots.js'
import { renewalActs } from '../renewal/renewal-acts.js'
import { addSpentOn } from '../renewal/renewal-memory.js'
import { assessAct, NO_RULES, type RiskTools, recentAfter } from '../risk/assess-act.js'
import { heldStep } from '../risk/risk-hold.js'
import { keptDays, takeStock } from '../standing/take-stock.js'
import { accelerate, acceleratorAt } from '../tier/accelerator.js'
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
import { checkEventTime, checkNotCounted, eventTime } from './event-time.js'
import { grantLots } from './grant-lots.js'
import { memberShare, shareItems } from './member-share.js'
import { readMemory } from './read-memory.js'

export interface EarnSubject {
  readonly source: EarnSource
  readonly member: MemberProfile
  /** As the source's schema made it. */
  readonly event: unknown
  readonly once: string
  /** When it was kept, epoch milliseconds: decided as it would have been then (E10). Absent: now. */
  readonly keptAt?: number
  /** What the audit is made of, where an operator sent it (`markAct`). */
  readonly mark?: JsonObject
  /** What the source asked to see; absent: nothing. */
  readonly asked?: AskedFacts
  /** A source does it about what others did: it makes the member no more active (M5). */
  readonly byItself?: boolean
}

/**
 * An event as a command for the ledger: the source's decision on the member as it is under the
 * lock, then caps, budgets, terms and the tier's spend. What was asked for is the event and the member, so
 * that a changed resend is named by its field (L4). Refuses EVENT_TOO_OLD, EVENT_IN_FUTURE,
 * EARNING_PAUSED, BALANCE_TOO_LARGE, and what the source refuses.
 */
export function earnCommand(
  subject: EarnSubject,
  { policies, pauses, watch, slot = 0, risk = NO_RULES }: EarnTools,
): Command {
  const { source, member } = subject
  const shard = shardOf(member.wallet, slot)
  const ref = earnRef({ source, memberId: member.id, once: subject.once })
  return {
    wallet: member.wallet,
    key: earnKey('earn', source, ref),
    content: contentOf(subject),
    formerly: formerly(member, ({ id }) => ({
      key: earnKey('earn', source, earnRef({ source, memberId: id, once: subject.once })),
      content: contentOf({ ...subject, member: { ...member, id } }),
    })),
    needs: {
      records: [earnRecordId(source, ref), ...askedRecords(subject.asked ?? NOTHING_ASKED)],
      counters: (now) => budgetsOf(subject, { policy: policies.at(now), now, shard }),
    },
    decide(view) {
      const received = subject.keptAt ?? view.now
      const paused = pauses.isPaused(source.id, member.pauses) !== null
      return decide(view, {
        ...subject,
        ref,
        received,
        paused,
        policy: policies.at(received),
        watch,
        risk,
        issuing: { policy: policies.at(view.now), now: view.now, shard },
      })
    },
  }
}

/** What is compared when the same act comes again. The member first: an order sent for somebody else
 * differs in that before all. When a member's own act happened is not a part of it: its once-key
 * says all there is to say (the second check-in today is the first one). */
export function contentOf({
  source,
  member,
  event,
}: {
  readonly source: Pick<EarnSource, 'scope'>
  readonly member: Pick<MemberProfile, 'id'>
  readonly event: unknown
}): JsonObject {
  const { at, ...others } = event as JsonObject
  const compared = source.scope === 'member' ? others : { at, ...others }
  return Object.assign({ memberId: member.id }, compared, { memberId: member.id })
}

/** Counters of the budgets that may have to pay for it. */
function budgetsOf({ source, member, event }: EarnSubject, issuing: Issuing): readonly string[] {
  const { policy, now } = issuing
  const place = { at: eventTime(event, now), source: source.id, region: member.region }
  return budgetCounters(issuing, possibleCampaigns(policy.document.campaigns, place))
}

export interface EarnTools {
  readonly policies: PolicyReads
  readonly pauses: Pick<Pauses, 'isPaused'>
  readonly watch?: PluginWatch
  /** Of this server, among those that take from budgets; default 0. */
  readonly slot?: number
  /** Default: none. */
  readonly risk?: RiskTools
}

interface Case extends EarnSubject {
  readonly ref: string
  /** What budgets go by: points are issued now, whenever the event was received. */
  readonly issuing: Issuing
  /** Now, or when it was kept; epoch milliseconds. */
  readonly received: number
  readonly paused: boolean
  readonly policy: PolicyInForce
  readonly watch: PluginWatch | undefined
  readonly risk: RiskTools
}

function decide(view: WalletView, earn: Case): Posting | Refusal {
  const { source, member, policy, received } = earn
  const { now } = view
  const at = eventTime(earn.event, received)
  const outOfTime = checkEventTime(at, { now: received, policy })
  if (outOfTime) return outOfTime
  // Before the source is asked: it may be what the pause is about.
  if (earn.paused) return refuse('EARNING_PAUSED')
  const lapsed = checkMayEarn(view.wallet, { at, policy })
  if (lapsed) return lapsed

  const memo = readMemoAt(view.wallet.memo, { now, calendar: policy.calendar })
  const counted = checkNotCounted(at, memo)
  if (counted) return counted
  const isOrder = source.scope === 'programme'
  const facts = memberFacts(member, { policy, memo, at, source: source.id, isOrder })
  const memory = readMemory(source, ownValue(memo.sources, source.id), earn.watch)
  const { others } = earn.asked ?? NOTHING_ASKED
  const seen = { acts: actsSeen(earn.asked ?? NOTHING_ASKED, view), others }
  const context = {
    event: earn.event,
    member: facts,
    memory,
    ...seen,
    settings: policy.document.sources[source.id]?.settings,
    calendar: policy.calendar,
    now: received,
    currency: policy.document.programme.currency,
  }
  const options = earn.watch && { watch: earn.watch }
  earn.risk.asking?.(null)
  const decided = runDecision(source, context, options)
  if (isRefusal(decided)) return decided
  const late = decided.at === at ? null : checkEventTime(decided.at, { now: received, policy })
  if (late) return late

  const tier = facts.tier.id
  const share = memberShare(policy.document, {
    points: decided.points,
    source: source.id,
    staff: facts.staff,
    overLinked: member.overLinked,
  })
  const ordered = capOrder(policy.document, {
    points: share.points,
    isOrder,
    tier,
    items: () => shareItems(runItems(source, context, options), share),
  })
  const capped = applyCaps(policy.document, {
    points: ordered.points,
    source: source.id,
    behaviour: decided.behaviour,
    isOrder,
    tier,
    date: policy.calendar.dateOf(decided.at),
    calendar: policy.calendar,
    counters: memo.caps,
  })
  const kind = kindOf(earn, decided)
  const draft = openDraft(view)
  const wanted = grantParts(
    {
      points: capped.points,
      campaigns: cutCampaigns(decided.campaigns ?? [], Math.max(0, decided.points - capped.points)),
    },
    policy.document.campaigns,
  )
  const budgeted = withinBudgets(draft, wanted, earn.issuing)
  const assessed = {
    act: {
      kind: 'earn' as const,
      plugin: source.id,
      points: budgeted.parts.reduce((sum, part) => sum + part.points, 0),
      event: earn.event,
    },
    member: facts,
    recent: memo.recent,
    // Rules go by what the server is told now, whenever the event was received.
    policy: earn.issuing.policy,
    now,
  }
  const held = assessAct(earn.risk, assessed)
  if (isRefusal(held)) return held
  const decision = held ? heldBack(decided, held.until) : decided
  const granted = grantLots(draft, budgeted.parts, (campaign) => {
    const own = campaign?.kind ?? kind
    return {
      kind: own,
      source: source.id,
      ref: earn.ref,
      earnedAt: decision.at,
      ...(decision.pending && { pending: decision.pending }),
      claimMs: decision.claimMs ?? null,
      expiresAt: lotEnd(policy, {
        kind: own,
        source: source.id,
        tier,
        activity: facts.activity,
        // A kind of the campaign's own has nothing to do with the term of the source's.
        own: campaign?.expiry ?? (own === kind ? decision.expiry : undefined),
        earnedAt: decision.at,
      }),
    }
  })
  if (isRefusal(granted)) return granted
  const { points } = granted
  if (held) {
    withholdLots(draft, {
      lots: granted.lots,
      ref: transactionId({ wallet: view.wallet.id, version: view.wallet.version + 1 }),
      until: held.until,
      graceTo: graceTo(earn.issuing.policy, held.until),
    })
  }
  const boost = points > 0 ? boostAt(memo.boosts, { at, source: source.id, isOrder }) : null
  // One that counts for everything in its time is none to count.
  const boosted = boost?.left == null ? undefined : boost.name

  const deed = deedOf(decision, {
    source: source.id,
    date: policy.calendar.dateOf(decision.at),
    asked: isAskedFor(policy, source.id),
  })
  const recent = recentAfter(earn.risk, assessed)
  const after = memoAfter(
    { ...memo, recent },
    {
      earn,
      decision,
      points,
      counted: capped.counted,
      boosted,
      deed,
      now,
    },
  )
  const acts = renewalActs(source, decision)
  const { renewed, steps } = renewLots(draft, { acts, known: after, policy })
  const stock = takeStock({ ...after, renewed }, { policy, now })
  setMemo(
    draft,
    writeMemo(stock.memo, {
      now,
      calendar: policy.calendar,
      maxAgeDays: policy.document.events.maxAgeDays,
    }),
  )
  const spent = countedSpend(memo, decision)
  const body: EarnBody = {
    memberId: member.id,
    once: earn.once,
    event: earn.event,
    at: decision.at,
    decidedAt: received,
    policyVersion: policy.version,
    facts,
    memory,
    ...(member.overLinked && { overLinked: true }),
    ...seenToKeep(source, seen),
    ...(decision.core !== undefined && { core: decision.core }),
    lots: granted.lots,
    ...(isToldApart(granted.parts) && { parts: granted.parts }),
    version: view.wallet.version + 1,
    granted: points,
    standing: points,
    qualifyingMinor: spent.minor,
    ...(spent.factor !== null && { factor: spent.factor }),
    month: monthOf(policy, decision.at),
    deed: keptDeed(deed),
    counted: capped.counted,
    ...(boosted !== undefined && { boosted }),
    pending: decision.pending ?? null,
    ...(held && { held }),
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
    type: points > 0 ? 'grant' : 'note',
    reason: source.id,
    explanation: [
      ...tellBoosts(decision.because),
      ...share.steps,
      ...ordered.steps,
      ...capped.steps,
      ...budgeted.steps,
      ...(held ? [heldStep(held)] : []),
      ...stock.steps,
      ...steps,
    ],
    policyVersion: policy.version,
    effectiveAt: decision.at,
    labels: earnLabels(source, body),
    result: {
      ...earnResult(earn, points, decision.details),
      ...(decision.pending && { confirmAt: decision.pending.confirmAt }),
      ...earn.mark,
    } as unknown as Json,
  })
}

/** A grant that a risk rule holds (K2). What is usable at once is frozen; what is to be confirmed, or claimed,
 * is not before the hold is over. */
function heldBack(grant: Grant, until: number): Grant {
  const { pending, claimMs } = grant
  if (pending) {
    const { confirmAt } = pending
    return { ...grant, pending: { confirmAt: confirmAt && Math.max(confirmAt, until) } }
  }
  return claimMs == null ? grant : { ...grant, pending: { confirmAt: until } }
}

/** Most grants are of one part, which says nothing that the record does not. */
function isToldApart(parts: readonly KeptPart[]): boolean {
  return parts.some(({ campaign, budgets }) => campaign !== null || budgets !== undefined)
}

/** The member's state once the event went in. */
function memoAfter(
  memo: ProgrammeMemo,
  {
    earn: { source, ref, policy, byItself },
    decision,
    points,
    counted,
    boosted,
    deed,
    now,
  }: {
    earn: Case
    decision: Grant
    points: number
    counted: readonly Counted[]
    /** The boost that the event uses up. */
    boosted: string | undefined
    deed: Deed
    now: number
  },
): ProgrammeMemo {
  const { qualifyingMinor: spentMinor = 0 } = decision
  const { minor, factor } = countedSpend(memo, decision)
  const month = monthOf(policy, decision.at)
  const thisYear = Number(policy.calendar.dateOf(now).slice(0, 4))
  const spent =
    minor === 0
      ? {}
      : decision.pending
        ? {
            waiting: {
              ...memo.waiting,
              [orderName(source, ref)]: {
                month,
                minor,
                ...(factor !== null && { spentMinor }),
                confirmAt: decision.pending.confirmAt,
              },
            },
          }
        : {
            spend: addSpend(memo.spend, { month, minor, thisYear }),
            spentByDay: addSpentOn(memo.spentByDay, {
              date: policy.calendar.dateOf(decision.at),
              minor: spentMinor,
            }),
          }
  return {
    ...memo,
    ...spent,
    caps: moveCounters(memo.caps, counted, { points, orders: points > 0 ? 1 : 0 }),
    boosts: countBoost(memo.boosts, boosted, -1),
    sources:
      decision.memory === undefined
        ? memo.sources
        : { ...memo.sources, [source.id]: decision.memory },
    deeds: recordDeed(memo.deeds, deed, {
      name: orderName(source, ref),
      pending: decision.pending,
      kept: keptDays(policy, now),
    }),
    ...(byItself ? {} : actedAt(memo, { at: decision.at, calendar: policy.calendar })),
  }
}

/** What an event's spend counts as for the tier: by a factor, where the member had one then (M4). */
function countedSpend(
  { accelerators }: ProgrammeMemo,
  { qualifyingMinor = 0, at }: Pick<Grant, 'qualifyingMinor' | 'at'>,
): { readonly minor: number; readonly factor: string | null } {
  const factor = acceleratorAt(accelerators, at)?.factor ?? null
  return { minor: accelerate(qualifyingMinor, factor), factor }
}

/** How the member's state calls an order whose spend waits. */
export function orderName(source: { readonly id: string }, ref: string): string {
  return `${source.id}:${ref}`
}

function kindOf({ source, policy, watch }: Case, decision: Grant): string {
  const kind = decision.kind ?? policy.document.sources[source.id]?.kind
  if (kind !== undefined && Object.hasOwn(policy.document.kinds, kind)) return kind
  throw failPlugin(watch, {
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
