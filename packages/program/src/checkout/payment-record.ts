import { createHash } from 'node:crypto'
import type { JsonObject, LedgerRecord, RecordId } from '@pointwell/ledger'
import type { Money } from '@pointwell/plugin'

export const PAYMENT = 'payment'

/** `held`: the order is not placed yet. `captured`: it is, and the points are spent; some or all of them
 * may have come back since. `released`: it came to nothing. */
export const PAYMENT_STATUSES = ['held', 'captured', 'released'] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/** What is kept of points that pay an order (R5), by the order. */
export interface PaymentBody {
  readonly memberId: string
  readonly orderId: string
  readonly orderAmount: Money
  readonly points: number
  readonly pays: Money
  readonly status: PaymentStatus
  /** Which try it is: an order that was let go of can be paid anew. */
  readonly attempt: number
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly settledAt: number | null
  /** What came back by returns. */
  readonly returnedMinor: number
  readonly returnedPoints: number
  /** The member's tier when it was made; figures count all steps by it. */
  readonly tier: string
  /** The transaction that holds its points, by its version. */
  readonly version: number
  /** The wallet of that transaction, where it was merged into another since. */
  readonly origin?: number
}

export interface Payment extends PaymentBody {
  readonly wallet: number
  /** When points that are held come back by themselves; null: they are not held. */
  readonly dueAt: number | null
}

/** Orders go by any text; databases differ in what texts they take for the same. */
export function paymentRecordId(orderId: string): RecordId {
  return { kind: PAYMENT, ref: createHash('sha256').update(orderId).digest('base64url') }
}

export function holdRef({ orderId, attempt }: Pick<PaymentBody, 'orderId' | 'attempt'>): string {
  return `${PAYMENT}:${paymentRecordId(orderId).ref}:${attempt}`
}

export function readPayment({ wallet, body, dueAt }: LedgerRecord): Payment {
  return { ...(body as unknown as PaymentBody), wallet, dueAt }
}

export function paymentRecord({
  wallet: _,
  dueAt,
  ...body
}: Payment): RecordId & Pick<LedgerRecord, 'body' | 'dueAt'> {
  return { ...paymentRecordId(body.orderId), body: body as unknown as JsonObject, dueAt }
}
