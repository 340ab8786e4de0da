import { createHash } from 'node:crypto'
import {
  addToCounter,
  type Command,
  captureHold,
  closeDraft,
  type Draft,
  holdId,
  holdLots,
  isRefusal,
  type JsonObject,
  openDraft,
  type Posting,
  type PostingTerms,
  putRecord,
  type Refusal,
  recordKey,
  refundHold,
  refuse,
  releaseHold,
  setMemo,
  transactionId,
  type WalletView,
} from '@pointwell/ledger'
import type { Award, RedemptionStatus } from '@pointwell/plugin'
import { markAct } from '../audit/act-mark.js'
import type { Acting } from '../audit/acting.js'
import { grantAward } from '../award/grant-award.js'
import type { CapCounters } from '../caps/apply-caps.js'
import { endOldLots } from '../expiry/end-old-lots.js'
import { readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { fulfilledCounters } from '../survey/fulfilled-counters.js'
import { leaseMs } from './redeem-command.js'
import {
  isRefundDue,
  type Redemption,
  readRedemption,
  redemptionId,
  redemptionLabels,
  refundId,
  writeRedemption,
} from './redemption-record.js'
import { reinstate } from './reinstate.js'

/** Somebody else took the redemption further already. Never leaves this folder. */
export const MOVED_ON = 'MOVED_ON'

const AWAITING: readonly RedemptionStatus[] = ['awaiting-payment']
const REVIEWED: readonly RedemptionStatus[] = ['under-review']
const ASKING: readonly RedemptionStatus[] = ['held', 'unknown']
const OPEN: readonly RedemptionStatus[] = ['unknown', 'cancelling']

interface Tools {
  readonly policies: PolicyReads
}

/** Who decided about what a risk rule held, and why. */
interface Decided {
  readonly by: string
  readonly reason: string
  readonly acting?: Acting | null
}

/** A job takes up a redemption nobody is asking the channel about, or (early) somebody who knows that the
 * channel can say by now. The attempt is a part of the
 * key: of two servers that try, one finds that its posting was there already. */
export function takeUpCommand(
  redemption: Redemption,
  { isEarly = false, ...tools }: Tools & { readonly isEarly?: boolean },
): Command {
  const attempt = redemption.attempts + 1
  return command(redemption, `try:${attempt}`, tools, {
    // Whoever holds the lease of one that is merely held is asking for the first time.
    from: isEarly ? OPEN : [...ASKING, 'cancelling'],
    change: ({ redemption: { dueAt }, now, policy }) => {
      if (dueAt === null || (!isEarly && dueAt > now)) return refuse(MOVED_ON)
      return { attempts: attempt, dueAt: now + waitMs(policy, attempt) }
    },
    terms: { type: 'note', reason: 'redemption:ask' },
  })
}

/** The storefront has the part that is paid in money (R4): the channel is asked from here on. Refuses
 * PAYMENT_TOO_LATE, PAYMENT_NOT_DUE, IDEMPOTENCY_MISMATCH (another payment). */
export function paidCommand(
  redemption: Redemption,
  { reference, ...tools }: Tools & { readonly reference: string },
): Command {
  return command(redemption, 'paid', tools, {
    from: AWAITING,
    content: { reference },
    change: ({ redemption: { cash, hold, dueAt }, now, policy }) => {
      if (dueAt === null || dueAt <= now) return refuse('PAYMENT_TOO_LATE')
      const paid = { cash: { ...cash!, paid: { reference, at: now } } }
      if (hold && hold.until > now) return { ...paid, status: 'under-review', dueAt: hold.until }
      return { ...paid, ...asking(policy, now) }
    },
    terms: { type: 'note', reason: 'redemption:paid' },
  })
}

/** What a risk rule held goes on by itself: the channel is asked from here on. */
export function reviewedCommand(redemption: Redemption, tools: Tools): Command {
  return command(redemption, 'reviewed', tools, {
    from: REVIEWED,
    change: ({ redemption: { dueAt }, now, policy }) =>
      dueAt === null || dueAt > now ? refuse(MOVED_ON) : asking(policy, now),
    terms: { type: 'note', reason: 'redemption:reviewed' },
  })
}

/** An operator lets it go on before that (K2), whose own word again is the same; what is still to be paid for goes on once it is. */
export function approveCommand(
  redemption: Redemption,
  { by, reason, acting = null, ...tools }: Tools & Decided,
): Command {
  return command(redemption, `approve:${hashed(by)}`, tools, {
    from: [...REVIEWED, ...AWAITING],
    content: { by, reason },
    change: ({ redemption: { hold, status }, now, policy }) => {
      if (!hold || hold.until <= now) return refuse(MOVED_ON)
      const over = { hold: { ...hold, until: now } }
      return status === 'under-review' ? { ...over, ...asking(policy, now) } : over
    },
    terms: {
      type: 'note',
      reason: 'redemption:approved',
      result: markAct(acting, 'approveRedemption', { redemption: redemption.id }),
    },
  })
}

/** An operator calls it off (K2): points, stock and limit go back, and money that was paid is due. */
export function declineCommand(
  redemption: Redemption,
  { by, reason, acting = null, ...tools }: Tools & Decided,
): Command {
  return command(redemption, `decline:${hashed(by)}`, tools, {
    from: [...REVIEWED, ...AWAITING],
    content: { by, reason },
    change: ({ redemption: current, draft, now, policy }) => {
      if (!current.hold || current.hold.until <= now) return refuse(MOVED_ON)
      return letGo(draft, current, { policy, refusal: { code: 'RISK_REFUSED' } })
    },
    terms: {
      type: 'release',
      reason: `offer:${redemption.offer.id}`,
      result: markAct(acting, 'declineRedemption', { redemption: redemption.id }),
    },
  })
}

/** The member thought better of it while a risk rule held it: nobody has been asked for anything. */
export function withdrawCommand(
  redemption: Redemption,
  { acting = null, ...tools }: Tools & { readonly acting?: Acting | null },
): Command {
  return command(redemption, 'withdraw', tools, {
    from: REVIEWED,
    change: ({ redemption: current, draft, policy }) =>
      letGo(draft, current, { policy, refusal: null }),
    terms: {
      type: 'release',
      reason: `offer:${redemption.offer.id}`,
      result: markAct(acting, 'cancelRedemption', { redemption: redemption.id }),
    },
  })
}

/** Nobody paid in time, or the member thought better of it: points, stock and limit go back. */
export function unpaidCommand(
  redemption: Redemption,
  { isDue, ...tools }: Tools & { readonly isDue: boolean },
): Command {
  return command(redemption, 'unpaid', tools, {
    from: AWAITING,
    change: ({ redemption: { dueAt }, draft, now, policy }) => {
      if (isDue && (dueAt === null || dueAt > now)) return refuse(MOVED_ON)
      return letGo(draft, redemption, {
        policy,
        refusal: isDue ? { code: 'PAYMENT_TOO_LATE' } : null,
      })
    },
    terms: { type: 'release', reason: `offer:${redemption.offer.id}` },
  })
}

/** The storefront gave the money back. Refuses REFUND_NOT_DUE, IDEMPOTENCY_MISMATCH (another refund). */
export function refundedCommand(
  redemption: Redemption,
  { reference, ...tools }: Tools & { readonly reference: string },
): Command {
  return command(redemption, 'refunded', tools, {
    from: ['released', 'cancelled'],
    content: { reference },
    change: ({ redemption: current, now }) =>
      isRefundDue(current)
        ? { cash: { ...current.cash!, refunded: { reference, at: now } } }
        : refuse('REFUND_NOT_DUE'),
    terms: { type: 'note', reason: 'redemption:refunded' },
  })
}

/** The channel could not say. */
export function unknownCommand(redemption: Redemption, tools: Tools): Command {
  return command(redemption, 'unknown', tools, {
    from: ['held'],
    change: ({ now, policy }) => ({ status: 'unknown', dueAt: now + waitMs(policy, 1) }),
    terms: { type: 'note', reason: 'redemption:unknown' },
  })
}

/** The channel gave it: the points are spent, and what the channel awards is the member's. `at`, epoch
 * milliseconds: on whose day it is counted. That is the caller's clock, for a wallet's own time can be ahead
 * of it, and what is counted has to be asked for before that is known. */
export function captureCommand(
  redemption: Redemption,
  {
    receipt,
    award,
    at,
  }: { readonly receipt: unknown; readonly award?: Award | undefined; readonly at: number },
  tools: Tools,
): Command {
  const { calendar } = tools.policies.at(at)
  const counters = fulfilledCounters(redemption, calendar.dateOf(at))
  return command(redemption, 'capture', tools, {
    from: ASKING,
    counters,
    change: ({ draft, now, policy }) => {
      const { id, channel } = redemption
      for (const counter of counters) addToCounter(draft, counter, 1)
      const captured = captureHold(draft, { ref: id, account: accountOf(redemption) })
      if (isRefusal(captured)) return captured
      const done = { status: 'fulfilled', receipt, settledAt: now, dueAt: null } as const
      if (!award) return done
      const kind = grantAward(draft, { award, plugin: channel, ref: id, policy })
      return isRefusal(kind) ? kind : { ...done, award: { points: award.points, kind } }
    },
    terms: {
      type: 'capture',
      reason: `offer:${redemption.offer.id}`,
      ...(award && { explanation: award.because }),
    },
  })
}

/** The channel said no: points, stock and limit go back. */
export function releaseCommand(redemption: Redemption, code: string, tools: Tools): Command {
  return command(redemption, 'release', tools, {
    from: ASKING,
    change: ({ draft, policy }) => letGo(draft, redemption, { policy, refusal: { code } }),
    terms: { type: 'release', reason: `offer:${redemption.offer.id}` },
  })
}

/** Somebody wants to give it back: the channel is asked from here on. */
export function cancellingCommand(
  redemption: Redemption,
  { acting = null, ...tools }: Tools & { readonly acting?: Acting | null },
): Command {
  const cancellations = redemption.cancellations + 1
  return command(redemption, `cancelling:${cancellations}`, tools, {
    from: ['fulfilled'],
    change: ({ now, policy }) => ({
      status: 'cancelling',
      cancellations,
      dueAt: now + leaseMs(policy.document.redemption.timeoutSeconds),
    }),
    terms: {
      type: 'note',
      reason: 'redemption:cancelling',
      result: markAct(acting, 'cancelRedemption', { redemption: redemption.id }),
    },
  })
}

/** The channel took it back: points, stock and limit go back, to the very lots (L2). */
export function refundCommand(redemption: Redemption, tools: Tools): Command {
  return command(redemption, 'refund', tools, {
    from: ['cancelling'],
    change: ({ draft, now, policy }) => {
      const account = accountOf(redemption)
      const lapsed = reinstate(policy, now)
      // Lots that had nothing left when old ones were given their last day get it now.
      const lots = holdLots(draft.view.records, redemption.id)
      endOldLots(draft, { lots, policy, takenAt: redemption.createdAt })
      const refunded = refundHold(draft, { ref: redemption.id, account, lapsed })
      if (isRefusal(refunded)) return refunded
      giveBack(draft, redemption, policy)
      return { status: 'cancelled', refusal: null, settledAt: now, dueAt: null }
    },
    terms: {
      type: 'refund',
      reason: `offer:${redemption.offer.id}`,
      corrects: transactionId({
        wallet: redemption.origin ?? redemption.wallet,
        version: redemption.version,
      }),
    },
  })
}

/** The channel does not take it back: it stays as it was. */
export function keepCommand(redemption: Redemption, code: string, tools: Tools): Command {
  return command(redemption, `keep:${redemption.cancellations}`, tools, {
    from: ['cancelling'],
    change: () => ({ status: 'fulfilled', refusal: { code }, dueAt: null }),
    terms: { type: 'note', reason: 'redemption:kept' },
  })
}

interface Move {
  /** The statuses it can be made in; in any other it is MOVED_ON. */
  readonly from: readonly RedemptionStatus[]
  /** What somebody said of it: the same move with other words is refused. */
  readonly content?: JsonObject
  /** Counters besides those of its stock. */
  readonly counters?: readonly string[]
  readonly change: (at: {
    readonly draft: Draft
    readonly now: number
    readonly policy: PolicyInForce
    readonly redemption: Redemption
  }) => Partial<Redemption> | Refusal
  readonly terms: PostingTerms
}

function command(redemption: Redemption, step: string, { policies }: Tools, move: Move): Command {
  const { id, wallet, stock, cash } = redemption
  return {
    wallet,
    key: `redemption:${id}:${step}`,
    content: move.content ?? {},
    needs: {
      records: [redemptionId(id), holdId(id), ...(cash ? [refundId(id)] : [])],
      lots: (records) => holdLots(records, id),
      counters: [...stock, ...(move.counters ?? [])],
    },
    decide: (view) => decide(view, id, policies.at(view.now), move),
  }
}

function decide(
  view: WalletView,
  id: string,
  policy: PolicyInForce,
  { from, change, terms }: Move,
): Posting | Refusal {
  const record = view.records.get(recordKey(redemptionId(id)))
  if (record?.wallet !== view.wallet.id) return refuse('REDEMPTION_NOT_FOUND')
  const redemption = readRedemption(record)
  if (!from.includes(redemption.status)) return refuse(MOVED_ON)
  const draft = openDraft(view)
  const changed = change({ draft, now: view.now, policy, redemption })
  if (isRefusal(changed)) return changed
  const next = { ...redemption, ...changed }
  putRecord(draft, writeRedemption(next))
  noteRefund(draft, redemption, next)
  return closeDraft(draft, {
    ...terms,
    policyVersion: policy.version,
    labels: redemptionLabels(redemption),
    result: { ...(terms.result as JsonObject | undefined), redemptionId: id },
  })
}

/** What is owed is found by it, and what is paid back no longer is. */
function noteRefund(draft: Draft, before: Redemption, after: Redemption): void {
  const isDue = isRefundDue(after)
  if (isDue === isRefundDue(before)) return
  putRecord(draft, { ...refundId(after.id), body: {}, dueAt: isDue ? draft.view.now : null })
}

/** The channel is asked by whoever wrote this. */
function asking(policy: PolicyInForce, now: number): Pick<Redemption, 'status' | 'dueAt'> {
  return { status: 'held', dueAt: now + leaseMs(policy.document.redemption.timeoutSeconds) }
}

/** It comes to nothing: points, stock and limit go back. */
function letGo(
  draft: Draft,
  redemption: Redemption,
  { policy, refusal }: { policy: PolicyInForce; refusal: Redemption['refusal'] },
): Partial<Redemption> | Refusal {
  const { now } = draft.view
  const released = releaseHold(draft, { ref: redemption.id, lapsed: reinstate(policy, now) })
  if (isRefusal(released)) return released
  giveBack(draft, redemption, policy)
  return { status: 'released', refusal, settledAt: now, dueAt: null }
}

/** Stock that comes back is sold again (R8), and the member may redeem again. */
function giveBack(draft: Draft, { stock, limit }: Redemption, policy: PolicyInForce): void {
  for (const counter of stock) addToCounter(draft, counter, -1)
  const memo = readMemo(draft.view.wallet.memo)
  const redeemed = Math.max(0, memo.redeemed - 1)
  const offers = limit === null ? memo.offers : withOneLess(memo.offers, limit)
  const { calendar, document } = policy
  const terms = { now: draft.view.now, calendar, maxAgeDays: document.events.maxAgeDays }
  setMemo(draft, writeMemo({ ...memo, offers, redeemed }, terms))
}

function withOneLess(counters: CapCounters, counter: string): CapCounters {
  const { [counter]: used = 0, ...others } = counters
  return used <= 1 ? others : { ...others, [counter]: used - 1 }
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function accountOf({ channel }: Redemption): string {
  return `redeemed:${channel}`
}

/** How long until the next attempt: longer each time, and never shorter than the channel may take. */
function waitMs({ document }: PolicyInForce, attempt: number): number {
  const { retryFirstSeconds, retryFactor, retryLongestSeconds, timeoutSeconds } =
    document.redemption
  const seconds = retryFirstSeconds * retryFactor ** Math.min(attempt - 1, 40)
  return Math.max(Math.min(seconds, retryLongestSeconds) * 1_000, leaseMs(timeoutSeconds))
}
