import {
  type ClawedBack,
  type Command,
  closeDraft,
  isRefusal,
  type Json,
  type JsonObject,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  recordKey,
  refuse,
  setMemo,
  transactionId,
  type WalletView,
} from '@pointwell/ledger'
import { type PluginWatch, runDecision, runItems, runReturn } from '@pointwell/plugin'
import { countBoost } from '../boost/earning-boost.js'
import { shardOf } from '../budget/budget-shards.js'
import { giveBackToBudgets } from '../budget/give-back-to-budgets.js'
import { moveCounters } from '../caps/apply-caps.js'
import { capOrder } from '../caps/cap-order.js'
import { deedLeft, type KeptDeed, takeBackRecorded } from '../deeds/record-deed.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { addSpentOn } from '../renewal/renewal-memory.js'
import { takeStock } from '../standing/take-stock.js'
import { accelerate } from '../tier/accelerator.js'
import { takeBackSpend } from '../tier/qualifying-spend.js'
import type { KnownEvent } from './confirm-command.js'
import { orderName } from './earn-command.js'
import {
  type EarnBody,
  earnKey,
  earnLabels,
  earnRecordId,
  earnResult,
  nameWithin,
  readEarnBody,
  spendCountsFrom,
  writeEarnBody,
} from './earn-record.js'
import { checkEventTime, eventTime } from './event-time.js'
import { memberShare, shareItems } from './member-share.js'
import { readMemory } from './read-memory.js'
import { takeBackParts } from './take-back-parts.js'

interface Tools {
  readonly policies: PolicyReads
  /** Of this server, among those that take from budgets; default 0. */
  readonly slot?: number
  readonly watch?: PluginWatch
}

/**
 * A part of an event goes back (L5): the source decides once more on the event without it, with
 * the member and the settings of that time, and caps on orders and items cut again; what stands
 * beyond that is taken back. What other caps cut at the time stays cut: never more stands than was
 * granted. Refuses ORDER_NOT_FOUND, ORDER_CANCELLED, EVENT_IN_FUTURE, and what the source refuses
 * (more goods than were bought).
 */
export function returnCommand(
  known: KnownEvent,
  {
    key,
    taken,
    mark = {},
    ...tools
  }: Tools & {
    readonly key: string
    readonly taken: unknown
    /** What the audit is made of (`markAct`). */
    readonly mark?: JsonObject
  },
): Command {
  return {
    ...commandOn(known),
    key: earnKey('return', known.source, nameWithin(known.ref, key)),
    content: asObject(taken),
    decide: (view) =>
      takeBack(view, known, tools, (body) => {
        const returns = [...body.returns, { key, taken }]
        const target = recount(known, body, returns, tools)
        if (isRefusal(target)) return target
        const { now } = view
        const told = eventTime(taken, now)
        const early =
          told > now ? checkEventTime(told, { now, policy: tools.policies.at(now) }) : null
        if (early) return early
        // Nothing comes back before it was bought, whatever the clock of the till says.
        const at = Math.max(Math.min(told, now), body.at)
        return { body: { ...body, returns }, target, word: 'return', at, mark }
      }),
  }
}

/** All of an event goes back. However often and whoever cancels, it is cancelled once. */
export function cancelCommand(known: KnownEvent, tools: Tools): Command {
  return {
    ...commandOn(known),
    key: earnKey('cancel', known.source, known.ref),
    content: {},
    decide: (view) =>
      takeBack(view, known, tools, (body) => ({
        body: { ...body, cancelledAt: view.now },
        target: { points: 0, qualifyingMinor: 0, deed: null },
        word: 'cancel',
        at: view.now,
      })),
  }
}

/** What should stand after a return. */
interface Target {
  readonly points: number
  readonly qualifyingMinor: number
  /** What it still counts as; null: nothing. */
  readonly deed: KeptDeed | null
}

interface Planned {
  readonly body: EarnBody
  readonly target: Target
  /** `return` or `cancel`. */
  readonly word: string
  /** When it happened, epoch milliseconds. */
  readonly at: number
  readonly mark?: JsonObject
}

function commandOn({ source, wallet, ref }: KnownEvent): Pick<Command, 'wallet' | 'needs'> {
  // All open lots: what the order's own lots no longer have comes from the others.
  const id = earnRecordId(source, ref)
  return {
    wallet,
    needs: {
      records: [id],
      lots: (records) => {
        const record = records.get(recordKey(id))
        return record ? readEarnBody(record).lots : []
      },
    },
  }
}

function takeBack(
  view: WalletView,
  { source, ref }: KnownEvent,
  { policies, slot = 0 }: Tools,
  plan: (body: EarnBody) => Planned | Refusal,
): Posting | Refusal {
  const id = earnRecordId(source, ref)
  const record = view.records.get(recordKey(id))
  if (record?.wallet !== view.wallet.id) return refuse('ORDER_NOT_FOUND')
  const before = readEarnBody(record)
  if (before.cancelledAt !== null) return refuse('ORDER_CANCELLED', { when: before.cancelledAt })
  const planned = plan(before)
  if (isRefusal(planned)) return planned
  const { body, target, word, at, mark } = planned

  const policy = policies.at(view.now)
  const standing = Math.min(before.standing, target.points)
  const points = before.standing - standing
  const minor = Math.max(0, before.qualifyingMinor - target.qualifyingMinor)
  const draft = openDraft(view)
  const { taken, kept, lost } = takeBackParts(draft, body, {
    standing,
    policy: policy.document.returns.policy,
  })
  giveBackToBudgets(draft, lost, shardOf(view.wallet.id, slot))
  putRecord(draft, {
    ...id,
    body: writeEarnBody({
      ...body,
      ...kept,
      qualifyingMinor: before.qualifyingMinor - minor,
      ...(before.deed && { deed: target.deed }),
    }),
    dueAt: null,
  })

  const memo = readMemo(view.wallet.memo)
  const { calendar, document } = policy
  const thisYear = Number(calendar.dateOf(view.now).slice(0, 4))
  const really = before.deed?.minor ?? null
  const spentMinor = really === null ? minor : really - (target.deed?.minor ?? 0)
  const spent = takeBackSpend(memo, {
    order: orderName(source, ref),
    month: body.month,
    minor,
    spentMinor,
    thisYear,
  })
  const counts = minor > 0 && !Object.hasOwn(memo.waiting, orderName(source, ref))
  const spentByDay = counts
    ? addSpentOn(memo.spentByDay, {
        date: calendar.dateOf(spendCountsFrom(before)),
        minor: -spentMinor,
      })
    : memo.spentByDay
  const orders = before.standing > 0 && standing === 0 ? -1 : 0
  const caps = moveCounters(memo.caps, body.counted, { points: -points, orders })
  const boosts = orders < 0 ? countBoost(memo.boosts, body.boosted, 1) : memo.boosts
  const deeds = before.deed
    ? takeBackRecorded(memo.deeds, {
        name: orderName(source, ref),
        source: source.id,
        date: calendar.dateOf(body.at),
        before: before.deed,
        left: target.deed,
      })
    : memo.deeds
  const stock = takeStock(
    { ...memo, ...spent, spentByDay, caps, boosts, deeds },
    { policy, now: view.now },
  )
  setMemo(
    draft,
    writeMemo(stock.memo, { now: view.now, calendar, maxAgeDays: document.events.maxAgeDays }),
  )
  return closeDraft(draft, {
    type: typeOf(taken),
    reason: `${source.id}:${word}`,
    explanation: [
      ...(points > 0 ? [{ step: word, points: -points, figures: figuresOf(taken) }] : []),
      ...stock.steps,
    ],
    policyVersion: policy.version,
    effectiveAt: at,
    corrects: transactionId({
      wallet: body.origin ?? view.wallet.id,
      version: body.version,
    }),
    labels: earnLabels(source, body),
    result: { ...earnResult(body, -points), ...mark } as unknown as Json,
  })
}

/** What the event earns without what was returned, decided as it was decided then. */
function recount(
  { source }: KnownEvent,
  body: EarnBody,
  returns: EarnBody['returns'],
  { policies, watch }: Tools,
): Target | Refusal {
  const options = watch && { watch }
  const event = runReturn(
    source,
    body.event,
    returns.map(({ taken }) => taken),
    options,
  )
  if (isRefusal(event)) return event
  const { document, calendar } = policies.get(body.policyVersion)
  const context = {
    event,
    member: body.facts,
    memory: readMemory(source, body.memory, watch),
    ...body.seen,
    settings: document.sources[source.id]?.settings,
    calendar,
    now: body.decidedAt,
    currency: document.programme.currency,
  }
  const decision = runDecision(source, context, options)
  // An event with nothing left may be one that the source would not have taken at all.
  if (isRefusal(decision)) return { points: 0, qualifyingMinor: 0, deed: null }
  const share = memberShare(document, {
    points: decision.points,
    source: source.id,
    staff: body.facts.staff,
    overLinked: body.overLinked ?? false,
  })
  const { points } = capOrder(document, {
    points: share.points,
    isOrder: source.scope === 'programme',
    tier: body.facts.tier.id,
    items: () => shareItems(runItems(source, context, options), share),
  })
  return {
    points,
    qualifyingMinor: accelerate(decision.qualifyingMinor ?? 0, body.factor),
    deed: body.deed ? deedLeft(body.deed, decision) : null,
  }
}

function typeOf({ voided, taken, owed }: ClawedBack): 'clawback' | 'void' | 'note' {
  if (taken + owed > 0) return 'clawback'
  return voided > 0 ? 'void' : 'note'
}

/** Only what happened. */
function figuresOf(taken: ClawedBack): JsonObject {
  return Object.fromEntries(Object.entries(taken).filter(([, points]) => points > 0))
}

/** What was taken, as it is compared when the same comes again. */
export function asObject(taken: unknown): JsonObject {
  return typeof taken === 'object' && taken !== null && !Array.isArray(taken)
    ? (taken as JsonObject)
    : { taken: taken as Json }
}
