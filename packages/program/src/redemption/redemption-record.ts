import type { JsonObject, LedgerRecord, RecordId } from '@pointwell/ledger'
import type { OfferFacts, Redeemed, RedemptionFacts, RedemptionStatus } from '@pointwell/plugin'
import type { Variants } from '../experiment/variants-of.js'
import type { RiskHold } from '../risk/risk-hold.js'

/** Money that a redemption costs besides points. The storefront takes it, and gives it back. */
export interface CashPart {
  readonly amountMinor: number
  readonly currency: string
  /** The storefront's own name of the payment, and when it told of it; null: not yet. */
  readonly paid: { readonly reference: string; readonly at: number } | null
  /** The same of the money's way back; null: not yet. */
  readonly refunded: { readonly reference: string; readonly at: number } | null
}

/** That a risk rule held it, and until when, epoch milliseconds: as it said, or as an operator did. */
export type RedemptionHold = Pick<RiskHold, 'rule' | 'reason' | 'until'>

/** What is kept of a redemption, under the wallet's lock. */
export interface RedemptionBody {
  readonly memberId: string
  readonly channel: string
  /** The offer as it was. */
  readonly offer: OfferFacts
  readonly points: number
  /** The part of the price that is paid in money (R4); absent: none. */
  readonly cash?: CashPart
  /** A risk rule holds it, or did (K2); absent: none did. */
  readonly hold?: RedemptionHold
  /** The member's tier when it was made. Figures count all of its steps by this one, so that what was
   * redeemed, given back or released under a tier adds up. */
  readonly tier: string
  /** The variants that the member was in when it was made, by experiment (T1); absent: in none. */
  readonly variants?: Variants
  readonly order: unknown
  readonly status: RedemptionStatus
  readonly createdAt: number
  readonly settledAt: number | null
  /** How often a job has taken it up again. */
  readonly attempts: number
  /** How often it was asked to be cancelled. */
  readonly cancellations: number
  readonly receipt: unknown
  /** Points that the channel gave with it (R12); absent: none. */
  readonly award?: { readonly points: number; readonly kind: string }
  /** Why the channel said no, to giving it or to taking it back. */
  readonly refusal: { readonly code: string } | null
  /** Stock it took one of. */
  readonly stock: readonly string[]
  /** The counter of the offer's limit a member; null: no limit. */
  readonly limit: string | null
  /** The transaction that holds its points, by its version. */
  readonly version: number
  /** The wallet of that transaction, where it was merged into another since. */
  readonly origin?: number
}

export interface Redemption extends RedemptionBody {
  readonly id: string
  readonly wallet: number
  /** When it is looked at again; null: it is settled. */
  readonly dueAt: number | null
}

export const REFUND = 'refund'

export function redemptionId(ref: string): RecordId {
  return { kind: 'redemption', ref }
}

/** Money that the storefront owes: due as long as it does, since when it does. */
export function refundId(ref: string): RecordId & { readonly kind: typeof REFUND } {
  return { kind: REFUND, ref }
}

export function readRedemption(record: LedgerRecord): Redemption {
  const body = record.body as unknown as RedemptionBody
  return { ...body, id: record.ref, wallet: record.wallet, dueAt: record.dueAt }
}

export function writeRedemption({
  id,
  wallet: _,
  dueAt,
  ...body
}: Redemption): RecordId & { readonly body: JsonObject; readonly dueAt: number | null } {
  return { ...redemptionId(id), body: body as unknown as JsonObject, dueAt }
}

/** Whether the storefront owes the member money: it was paid, and came to nothing. */
export function isRefundDue({ status, cash }: Pick<Redemption, 'status' | 'cash'>): boolean {
  const isOver = status === 'released' || status === 'cancelled'
  return isOver && cash?.paid != null && cash.refunded === null
}

/** What figures count it by, the same in each of its steps (W1). */
export function redemptionLabels({ channel, tier }: Pick<Redemption, 'channel' | 'tier'>) {
  return { channel, tier }
}

/** What the channel is told of it. */
export function redemptionFacts(redemption: Redemption): RedemptionFacts {
  const { id, memberId, points, cash, order, createdAt } = redemption
  return {
    id,
    memberId,
    points,
    ...(cash && { cash: { amountMinor: cash.amountMinor, currency: cash.currency } }),
    order,
    at: createdAt,
  }
}

/** What a plugin's own fields are told of it. */
export function redeemedOf(redemption: Redemption): Redeemed {
  const { id, memberId, channel, offer, status, points, order, receipt, refusal, createdAt } =
    redemption
  return {
    id,
    memberId,
    channel,
    offerId: offer.id,
    status,
    points,
    order,
    receipt,
    refusal,
    at: createdAt,
  }
}
