import {
  type Command,
  closeDraft,
  holdId,
  isRefusal,
  type JsonObject,
  openDraft,
  putRecord,
  type RecordId,
  type Refusal,
  recordKey,
  refuse,
  type Step,
  setMemo,
  type WalletView,
} from '@pointwell/ledger'
import type { EarnSource } from '@pointwell/plugin'
import { holdRef, type Payment, paymentRecord } from '../checkout/payment-record.js'
import { contentOf } from '../earning/earn-command.js'
import {
  type EarnBody,
  earnKey,
  earnRecordId,
  earnResult,
  nameWithin,
  writeEarnBody,
} from '../earning/earn-record.js'
import { asObject } from '../earning/return-command.js'
import { readMemo } from '../memo/programme-memo.js'
import { fingerprint } from './fingerprints.js'
import { openingId } from './opening-commands.js'
import type { OpeningEarned, OpeningPayment } from './opening-order-input.js'

/** Whose orders are brought, and by which policies they are decided here. */
export interface OrderOwner {
  readonly id: string
  readonly wallet: number
  /** Numbers of wallets here, by the ids that the member went by before. */
  readonly formerly: ReadonlyMap<string, number>
}

/**
 * What was earned elsewhere, as commands: first an empty transaction under the key of each call that was
 * made about it, so that a call that is sent again is answered as it was; the last one keeps the order
 * itself, under the key of the call that sent it. No points move: they came with the balance. Refuses
 * LOT_NOT_FOUND, IDEMPOTENCY_MISMATCH.
 */
export function openingEarnedCommands(
  line: OpeningEarned,
  {
    owner,
    source,
    policyVersion,
  }: { owner: OrderOwner; source: EarnSource; policyVersion: number },
): readonly Command[] {
  const { ref, earned, answers } = line
  const { wallet } = owner
  const id = earnRecordId(source, ref)
  const sent = answers.find(({ act }) => act === 'earn')
  const event = earned.event as unknown
  const others = answers.flatMap((answer): Command[] => {
    const { act, key, points, details } = answer
    if (act === 'earn') return []
    const taken = earned.returns.find((it) => it.key === key)?.taken
    const name = act === 'return' ? nameWithin(ref, key ?? '') : ref
    return [
      remembered({
        wallet,
        key: earnKey(act, source, name),
        content: act === 'return' ? asObject(taken) : {},
        reason: `${source.id}:opening`,
        result: earnResult(earned, points, details ?? null) as unknown as JsonObject,
      }),
    ]
  })
  const { pending, confirmedAt, cancelledAt, granted } = earned
  const keep: Command = {
    wallet,
    key: earnKey('earn', source, ref),
    content: contentOf({ source, member: { id: sent?.by ?? owner.id }, event }),
    needs: { records: [id, openingId(wallet)] },
    decide(view) {
      if (view.records.has(recordKey(id))) return refuse('IDEMPOTENCY_MISMATCH', { field: 'ref' })
      const lots = lotsNow(view, line.lots)
      if (isRefusal(lots)) return lots
      const draft = openDraft(view)
      const body = {
        ...earned,
        memberId: owner.id,
        lots,
        policyVersion,
        version: view.wallet.version + 1,
      } as unknown as EarnBody
      putRecord(draft, { ...id, body: writeEarnBody(body), dueAt: null })
      // Who follows such events is still to be told when it confirms by itself.
      const waits =
        pending?.confirmAt && confirmedAt === null && cancelledAt === null
          ? { confirmAt: pending.confirmAt }
          : null
      const isAhead = waits !== null && waits.confirmAt > view.now
      return closeDraft(draft, {
        type: isAhead && granted === 0 ? 'note' : 'opening',
        reason: isAhead ? source.id : `${source.id}:opening`,
        explanation: [stepOf(line)],
        effectiveAt: earned.at,
        labels: isAhead ? { source: source.id } : {},
        result: {
          ...earnResult(earned, sent?.points ?? granted, sent?.details ?? null),
          ...(pending && { confirmAt: pending.confirmAt }),
        } as unknown as JsonObject,
      })
    },
  }
  return [...others, keep]
}

/** The same of points that paid an order (R5). `release`: points that are still on hold are let go. Refuses
 * LOT_NOT_FOUND, IDEMPOTENCY_MISMATCH. */
export function openingPaymentCommands(
  line: OpeningPayment,
  { owner, now }: { owner: OrderOwner; now: number },
): readonly Command[] {
  const { payment, hold, answers } = line
  const { wallet } = owner
  const { orderId } = payment
  const ref = holdRef(payment)
  const called = answers.map(({ act, by, content }) => {
    const [pay, hash] = /^pay:(.+)$/.exec(act) ?? []
    const payer = (by !== undefined && owner.formerly.get(by)) || wallet
    return {
      isPay: pay !== undefined,
      key: pay ? `redeem:${payer}:${hash}` : `${ref}:${act}`,
      content: content as JsonObject,
    }
  })
  const asked = called.find(({ isPay }) => isPay)
  const later = called
    .filter((it) => it !== asked)
    .map(({ key, content }) =>
      remembered({ wallet, key, content, reason: 'checkout:opening', result: { orderId } }),
    )
  const released = payment.status === 'held'
  const body: Payment = {
    ...payment,
    ...(released && { status: 'released', settledAt: now }),
    memberId: owner.id,
    wallet,
    dueAt: null,
    version: 0,
  }
  const { kind, ref: recordRef } = paymentRecord(body)
  const records: RecordId[] = [{ kind, ref: recordRef }, holdId(ref)]
  const keep: Command = {
    wallet,
    key: asked?.key ?? `opening:${ref}`,
    content: asked?.content ?? {},
    needs: { records: [...records, openingId(wallet)] },
    decide(view) {
      if (records.some((id) => view.records.has(recordKey(id)))) {
        return refuse('IDEMPOTENCY_MISMATCH', { field: 'payment.orderId' })
      }
      const lots = lotsNow(
        view,
        hold.taken.map(([lot]) => lot),
      )
      if (isRefusal(lots)) return lots
      const draft = openDraft(view)
      putRecord(draft, paymentRecord({ ...body, version: view.wallet.version + 1 }))
      const { back } = hold
      const taken = hold.taken.map(([, points], place) => [lots[place]!, points] as const)
      const captured = back === payment.points ? 'refunded' : 'captured'
      const state = body.status === 'captured' ? captured : 'released'
      putRecord(draft, {
        ...holdId(ref),
        body: { state, points: payment.points, taken, ...(back > 0 && { back }) },
        dueAt: null,
      })
      return closeDraft(draft, {
        type: 'opening',
        reason: 'checkout:opening',
        explanation: [stepOf(line)],
        effectiveAt: payment.createdAt,
        result: { orderId },
      })
    },
  }
  return [...later, keep]
}

/** All of a member's orders are here: what happened before is refused no longer, for nothing of it would
 * count twice. */
export function ordersAreHereCommand(wallet: number, countedUntil: number): Command {
  return {
    wallet,
    key: `opening:orders:${wallet}`,
    content: { countedUntil },
    decide(view) {
      const { countedUntil: _, ...memo } = view.wallet.memo
      const draft = openDraft(view)
      if (readMemo(view.wallet.memo).countedUntil === countedUntil) setMemo(draft, memo)
      return closeDraft(draft, { type: 'note', reason: 'opening' })
    },
  }
}

/** Of a line that is here already: whether it is the very same. A call that came before the file did, and
 * counted, is none. */
export function isSameLine(
  line: OpeningEarned | OpeningPayment,
  { explanation }: { readonly explanation: readonly Step[] },
): boolean {
  const [step] = explanation
  return step?.step === 'opening' && step.figures?.line === fingerprint(line)
}

function stepOf(line: OpeningEarned | OpeningPayment): Step {
  return { step: 'opening', points: 0, figures: { line: fingerprint(line) } }
}

/** An empty transaction under a key: who sends the same again gets the same answer. */
function remembered({
  wallet,
  key,
  content,
  reason,
  result,
}: Pick<Command, 'wallet' | 'key' | 'content'> & {
  readonly reason: string
  readonly result: JsonObject
}): Command {
  return {
    wallet,
    key,
    content,
    decide: (view) =>
      closeDraft(openDraft(view), {
        type: 'opening',
        reason,
        explanation: [{ step: 'opening', points: 0 }],
        result,
      }),
  }
}

/** What lots of the file are called here. */
function lotsNow(view: WalletView, places: readonly number[]): readonly number[] | Refusal {
  const record = view.records.get(recordKey(openingId(view.wallet.id)))
  const here = record?.wallet === view.wallet.id ? record.body : {}
  const { firstLot = 0, lots = 0 } = here as { firstLot?: number; lots?: number }
  const lost = places.findIndex((place) => place > lots)
  if (lost >= 0) {
    return refuse('LOT_NOT_FOUND', {
      field: `lots.${lost}`,
      detail: `The balance of this member has ${lots} lots.`,
    })
  }
  return places.map((place) => firstLot + place - 1)
}
