import {
  type Command,
  closeDraft,
  confirmLots,
  type Draft,
  findLot,
  isRefusal,
  type Json,
  openDraft,
  type Posting,
  putRecord,
  type Refusal,
  recordKey,
  refuse,
  setMemo,
  transactionId,
  type WalletView,
  withholdLots,
} from '@pointwell/ledger'
import type { EarnSource } from '@pointwell/plugin'
import { confirmDeed } from '../deeds/deeds.js'
import { graceTo } from '../expiry/grace-to.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { renewLots } from '../renewal/renew-lots.js'
import { addSpentOn } from '../renewal/renewal-memory.js'
import { heldStep } from '../risk/risk-hold.js'
import { keptDays, takeStock } from '../standing/take-stock.js'
import { confirmSpend } from '../tier/qualifying-spend.js'
import { orderName } from './earn-command.js'
import {
  type EarnBody,
  earnKey,
  earnLabels,
  earnRecordId,
  earnResult,
  readEarnBody,
  spendCountsFrom,
  writeEarnBody,
} from './earn-record.js'
import { checkEventTime } from './event-time.js'

/** An event that went in before, and the wallet it went into. */
export interface KnownEvent {
  readonly source: EarnSource
  readonly wallet: number
  readonly memberId: string
  /** Its name among all of its source: `earnRef`. */
  readonly ref: string
}

/**
 * Confirms an event: its pending points become usable (or claimable), its spend counts for the
 * tier. `at`: when it was signed for, epoch milliseconds, default now; a claim's deadline counts
 * from now all the same, so that a late report takes nothing from a member. One that has confirmed
 * by itself stays as it is. What a risk rule holds (K2) is frozen as long as it does; what has to be claimed is
 * confirmed when that is over. Refuses ORDER_NOT_FOUND, ORDER_CANCELLED, EVENT_IN_FUTURE.
 */
export function confirmCommand(
  known: KnownEvent,
  { policies, at }: { policies: PolicyReads; at?: number },
): Command {
  const id = earnRecordId(known.source, known.ref)
  return {
    wallet: known.wallet,
    key: earnKey('confirm', known.source, known.ref),
    content: {},
    needs: { records: [id], lots: (records) => lotsOf(records.get(recordKey(id))) },
    decide: (view) => decide(view, { ...known, policies, at: at ?? view.now }),
  }
}

function decide(
  view: WalletView,
  { source, ref, policies, at }: KnownEvent & { policies: PolicyReads; at: number },
): Posting | Refusal {
  const { now } = view
  const id = earnRecordId(source, ref)
  const record = view.records.get(recordKey(id))
  if (record?.wallet !== view.wallet.id) return refuse('ORDER_NOT_FOUND')
  const body = readEarnBody(record)
  if (body.cancelledAt !== null) return refuse('ORDER_CANCELLED', { when: body.cancelledAt })
  const policy = policies.at(now)
  const early = at > now ? checkEventTime(at, { now, policy }) : null
  if (early) return early

  const draft = openDraft(view)
  const pending = body.lots.filter((seq) => (findLot(draft, seq)?.pending ?? 0) > 0)
  const held = body.held && body.held.until > now ? body.held : null
  if (held && pending.some((seq) => findLot(draft, seq)?.claimMs != null)) {
    return confirmLater(draft, { source, ref, body, pending, confirmAt: held.until, policy })
  }
  const points = pending.length === 0 ? 0 : confirmLots(draft, { lots: pending })
  if (isRefusal(points)) return points
  if (held) {
    withholdLots(draft, {
      lots: pending,
      ref: transactionId({ wallet: view.wallet.id, version: view.wallet.version + 1 }),
      until: held.until,
      graceTo: graceTo(policy, held.until),
    })
  }
  const memo = readMemo(view.wallet.memo)
  const order = orderName(source, ref)
  const thisYear = Number(policy.calendar.dateOf(now).slice(0, 4))
  const still = memo.waiting[order]
  const minor = still ? (still.spentMinor ?? still.minor) : 0
  const confirmedAt = spendCountsFrom({ ...body, confirmedAt: Math.max(at, body.at) })
  const date = policy.calendar.dateOf(confirmedAt)
  const deeds = confirmDeed(memo.deeds, order, keptDays(policy, now))
  const confirmed = {
    ...memo,
    ...confirmSpend(memo, { order, thisYear }),
    deeds,
    spentByDay: addSpentOn(memo.spentByDay, { date, minor }),
  }
  const { renewed, steps } = renewLots(draft, {
    acts: still ? [{ at: confirmedAt, source: source.id, spentMinor: minor }] : [],
    known: confirmed,
    policy,
    except: body.lots,
  })
  const stock = takeStock({ ...confirmed, renewed }, { policy, now })
  setMemo(
    draft,
    writeMemo(stock.memo, {
      now,
      calendar: policy.calendar,
      maxAgeDays: policy.document.events.maxAgeDays,
    }),
  )
  putRecord(draft, {
    ...id,
    body: writeEarnBody({ ...body, confirmedAt: body.confirmedAt ?? Math.max(at, body.at) }),
    dueAt: null,
  })
  return closeDraft(draft, {
    type: points > 0 ? 'confirm' : 'note',
    reason: `${source.id}:confirm`,
    explanation: [
      ...(held && pending.length > 0 ? [heldStep(held)] : []),
      ...stock.steps,
      ...steps,
    ],
    policyVersion: policy.version,
    effectiveAt: Math.max(at, body.at),
    labels: earnLabels(source, body),
    result: earnResult(body, points) as unknown as Json,
  })
}

/** Points that have to be claimed cannot be frozen, so they stay pending for as long as they are held. */
function confirmLater(
  draft: Draft,
  {
    source,
    ref,
    body,
    pending,
    confirmAt,
    policy,
  }: {
    source: EarnSource
    ref: string
    body: EarnBody
    pending: readonly number[]
    confirmAt: number
    policy: PolicyInForce
  },
): Posting {
  const { now, wallet } = draft.view
  for (const seq of pending) findLot(draft, seq)!.confirmAt = confirmAt
  const memo = readMemo(wallet.memo)
  const order = orderName(source, ref)
  const waiting = withConfirmAt(memo.waiting, order, confirmAt)
  const deeds = { ...memo.deeds, waiting: withConfirmAt(memo.deeds.waiting, order, confirmAt) }
  const { calendar, document } = policy
  const terms = { now, calendar, maxAgeDays: document.events.maxAgeDays }
  setMemo(draft, writeMemo({ ...memo, waiting, deeds }, terms))
  putRecord(draft, {
    ...earnRecordId(source, ref),
    body: writeEarnBody({ ...body, pending: { confirmAt } }),
    dueAt: null,
  })
  return closeDraft(draft, {
    type: 'note',
    reason: `${source.id}:confirm`,
    policyVersion: policy.version,
    labels: earnLabels(source, body),
    // Whoever follows the event is told when it is true.
    result: { ...earnResult(body, 0), confirmAt } as unknown as Json,
  })
}

function withConfirmAt<T extends { readonly confirmAt: number | null }>(
  waiting: Readonly<Record<string, T>>,
  name: string,
  confirmAt: number,
): Readonly<Record<string, T>> {
  const still = Object.hasOwn(waiting, name) ? waiting[name] : undefined
  return still ? { ...waiting, [name]: { ...still, confirmAt } } : waiting
}

function lotsOf(record: { body: object } | undefined): readonly number[] {
  return record ? (record.body as { lots: readonly number[] }).lots : []
}
