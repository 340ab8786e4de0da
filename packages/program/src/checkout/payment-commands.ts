import { createHash } from 'node:crypto'
import {
  type Command,
  captureHold,
  closeDraft,
  type Draft,
  holdId,
  holdLots,
  holdPoints,
  isRefusal,
  type JsonObject,
  openDraft,
  type Posting,
  type PostingTerms,
  putRecord,
  type Refusal,
  recordKey,
  refundPart,
  refuse,
  releaseHold,
  setMemo,
  transactionId,
  type WalletView,
} from '@pointwell/ledger'
import type { Money } from '@pointwell/plugin'
import { endOldLots } from '../expiry/end-old-lots.js'
import { memberRequest } from '../input/idempotency-key.js'
import { type MemberProfile, memberFacts, tierAt } from '../member/member-facts.js'
import { checkMembership } from '../membership/check-membership.js'
import { actedAt, readMemo, writeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { reinstate } from '../redemption/reinstate.js'
import {
  assessAct,
  heldRefusal,
  NO_RULES,
  type RiskTools,
  recentAfter,
} from '../risk/assess-act.js'
import { checkoutTerms, payOrder } from './checkout-terms.js'
import {
  holdRef,
  type Payment,
  paymentRecord,
  paymentRecordId,
  readPayment,
} from './payment-record.js'

/** What figures and accounts call it. */
const CHECKOUT = 'checkout'

const ACCOUNT = `redeemed:${CHECKOUT}`
const MINUTE_MS = 60_000

/**
 * Points of a member's are held for an order (R5). Refuses MEMBERSHIP_LAPSED, ORDER_HAS_PAYMENT,
 * CURRENCY_NOT_SUPPORTED, CHECKOUT_TOO_MANY, CHECKOUT_TOO_FEW, INSUFFICIENT_POINTS, IDEMPOTENCY_MISMATCH, what
 * risk rules refuse, and RISK_HELD (`rule`, `reason`) where one would hold it: an order cannot wait for days.
 */
export function payCommand(
  member: MemberProfile,
  {
    orderId,
    orderAmount,
    points,
    idempotencyKey,
    attempt,
  }: {
    readonly orderId: string
    readonly orderAmount: Money
    readonly points: number
    readonly idempotencyKey: string
    /** Which try this will be, as far as is known. */
    readonly attempt: number
  },
  { policies, risk = NO_RULES }: { readonly policies: PolicyReads; readonly risk?: RiskTools },
): Command {
  const { amountMinor, currency } = orderAmount
  const content = { orderId, orderAmount: { amountMinor, currency }, points }
  const key = JSON.stringify([CHECKOUT, idempotencyKey])
  return {
    ...memberRequest('redeem', member, key, content),
    needs: {
      lots: true,
      records: [paymentRecordId(orderId), holdId(holdRef({ orderId, attempt }))],
    },
    decide(view) {
      const { now } = view
      const policy = policies.at(now)
      const record = view.records.get(recordKey(paymentRecordId(orderId)))
      const known = record && readPayment(record)
      const lapsed = checkMembership(view.wallet, now)
      if (lapsed) return lapsed
      if (known && (known.status !== 'released' || record.wallet !== view.wallet.id)) {
        return refuse('ORDER_HAS_PAYMENT', { field: 'orderId' })
      }
      // Somebody paid, and let go, since the number was looked up.
      if ((known?.attempt ?? 0) + 1 !== attempt) return refuse('TRY_AGAIN_LATER')
      const terms = checkoutTerms(orderAmount, { policy, now })
      if (isRefusal(terms)) return terms
      const paying = payOrder(points, { terms, currency })
      if (isRefusal(paying)) return paying
      const draft = openDraft(view)
      const held = holdPoints(draft, {
        ref: holdRef({ orderId, attempt }),
        points: paying.points,
      })
      if (isRefusal(held)) return held
      const memo = readMemo(view.wallet.memo)
      const { calendar, document } = policy
      const assessed = {
        act: {
          kind: 'redeem' as const,
          plugin: CHECKOUT,
          points: paying.points,
          event: { orderId, orderAmount: { amountMinor, currency } },
        },
        recent: memo.recent,
        policy,
        now,
      }
      const facts = () => memberFacts(member, { policy, memo, at: now, source: CHECKOUT })
      const hold = risk.rules.length > 0 ? assessAct(risk, { ...assessed, member: facts() }) : null
      if (isRefusal(hold)) return hold
      if (hold) return heldRefusal(risk, hold)
      const acted = {
        ...memo,
        ...actedAt(memo, { at: now, calendar }),
        recent: recentAfter(risk, assessed),
      }
      setMemo(draft, writeMemo(acted, { now, calendar, maxAgeDays: document.events.maxAgeDays }))
      const payment: Payment = {
        wallet: view.wallet.id,
        dueAt: now + document.checkout.holdMinutes * MINUTE_MS,
        memberId: member.id,
        orderId,
        orderAmount: { amountMinor, currency },
        ...paying,
        status: 'held',
        attempt,
        createdAt: now,
        settledAt: null,
        returnedMinor: 0,
        returnedPoints: 0,
        tier: tierAt(memo, { policy, at: now }).id,
        version: view.wallet.version + 1,
      }
      putRecord(draft, paymentRecord(payment))
      const { pays } = paying
      return closeDraft(draft, {
        type: 'hold',
        reason: CHECKOUT,
        explanation: [
          {
            step: CHECKOUT,
            points: paying.points,
            figures: {
              amountMinor: pays.amountMinor,
              pointsPerMajor: terms.pointsPerMajor,
              pointValue: terms.pointValue ?? '1',
            },
          },
        ],
        policyVersion: policy.version,
        labels: labelsOf(payment),
        result: { orderId },
      })
    },
  }
}

/** The order is placed: its points are spent. Refuses PAYMENT_NOT_FOUND, PAYMENT_RELEASED. */
export function captureCommand(payment: Payment, policies: PolicyReads): Command {
  return command(payment, 'capture', policies, {
    change: ({ draft, current, now }) => {
      if (current.status !== 'held') return refuse('PAYMENT_RELEASED')
      const captured = captureHold(draft, { ref: holdRef(current), account: ACCOUNT })
      if (isRefusal(captured)) return captured
      return { status: 'captured', settledAt: now, dueAt: null }
    },
    terms: { type: 'capture', reason: CHECKOUT },
  })
}

/** The order came to nothing: its points are back. `isDue`: because nobody said anything in time. Refuses
 * PAYMENT_NOT_FOUND, PAYMENT_CAPTURED. */
export function releaseCommand(
  payment: Payment,
  { isDue, policies }: { readonly isDue: boolean; readonly policies: PolicyReads },
): Command {
  return command(payment, 'release', policies, {
    change: ({ draft, current, now, policy }) => {
      if (current.status !== 'held') return refuse('PAYMENT_CAPTURED')
      if (isDue && (current.dueAt === null || current.dueAt > now))
        return refuse('PAYMENT_CAPTURED')
      const lapsed = reinstate(policy, now)
      const released = releaseHold(draft, { ref: holdRef(current), lapsed })
      if (isRefusal(released)) return released
      return { status: 'released', settledAt: now, dueAt: null }
    },
    terms: { type: 'release', reason: CHECKOUT },
  })
}

/**
 * Goods that points paid for came back: so do the points, to the very lots (L2), as much of them as of what
 * they paid, so that any sequence of returns ends where one of all would. Refuses PAYMENT_NOT_FOUND,
 * PAYMENT_NOT_CAPTURED, CURRENCY_NOT_SUPPORTED, RETURN_TOO_LARGE (`availableAmount`), BALANCE_TOO_LARGE.
 */
export function returnCommand(
  payment: Payment,
  {
    amount,
    returnId,
    policies,
  }: { readonly amount: Money; readonly returnId: string; readonly policies: PolicyReads },
): Command {
  const { amountMinor, currency } = amount
  return command(payment, `return:${hashed(returnId)}`, policies, {
    content: { amount: { amountMinor, currency } },
    change: ({ draft, current, policy, now }) => {
      const { pays, returnedMinor, returnedPoints, points } = current
      if (current.status !== 'captured') return refuse('PAYMENT_NOT_CAPTURED')
      if (currency !== pays.currency) return refuse('CURRENCY_NOT_SUPPORTED', { field: 'amount' })
      const left = pays.amountMinor - returnedMinor
      if (amountMinor > left) {
        const availableAmount = { amountMinor: left, currency }
        return refuse('RETURN_TOO_LARGE', { field: 'amount', availableAmount })
      }
      const all = returnedMinor + amountMinor
      // Of whole numbers far below 2^53 each, exact as big integers.
      const due = Number((BigInt(points) * BigInt(all)) / BigInt(pays.amountMinor))
      const ref = holdRef(current)
      const lapsed = reinstate(policy, now)
      if (due > returnedPoints) {
        const lots = holdLots(draft.view.records, ref)
        endOldLots(draft, { lots, policy, takenAt: current.createdAt })
        const back = { ref, account: ACCOUNT, lapsed, points: due - returnedPoints }
        const returned = refundPart(draft, back)
        if (isRefusal(returned)) return returned
      }
      return { returnedMinor: all, returnedPoints: due }
    },
    terms: {
      type: 'refund',
      reason: CHECKOUT,
      corrects: transactionId({
        wallet: payment.origin ?? payment.wallet,
        version: payment.version,
      }),
    },
  })
}

interface Move {
  /** What somebody said of it: the same move with other words is refused. */
  readonly content?: JsonObject
  readonly change: (at: {
    readonly draft: Draft
    readonly current: Payment
    readonly now: number
    readonly policy: PolicyInForce
  }) => Partial<Payment> | Refusal
  readonly terms: PostingTerms
}

function command(
  { wallet, orderId, attempt }: Payment,
  step: string,
  policies: PolicyReads,
  { content = {}, change, terms }: Move,
): Command {
  const ref = holdRef({ orderId, attempt })
  return {
    wallet,
    key: `${ref}:${step}`,
    content,
    needs: {
      records: [paymentRecordId(orderId), holdId(ref)],
      lots: (records) => holdLots(records, ref),
    },
    decide: (view) =>
      decide(view, { orderId, attempt, policy: policies.at(view.now), change, terms }),
  }
}

function decide(
  view: WalletView,
  {
    orderId,
    attempt,
    policy,
    change,
    terms,
  }: Pick<Payment, 'orderId' | 'attempt'> &
    Pick<Move, 'change' | 'terms'> & { readonly policy: PolicyInForce },
): Posting | Refusal {
  const record = view.records.get(recordKey(paymentRecordId(orderId)))
  const current = record?.wallet === view.wallet.id ? readPayment(record) : undefined
  if (current?.attempt !== attempt) return refuse('PAYMENT_NOT_FOUND', { field: 'orderId' })
  const draft = openDraft(view)
  const changed = change({ draft, current, now: view.now, policy })
  if (isRefusal(changed)) return changed
  putRecord(draft, paymentRecord({ ...current, ...changed }))
  return closeDraft(draft, {
    ...terms,
    policyVersion: policy.version,
    labels: labelsOf(current),
    result: { orderId },
  })
}

function labelsOf({ tier }: Pick<Payment, 'tier'>) {
  return { channel: CHECKOUT, tier }
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
