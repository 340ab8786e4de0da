import type { JsonObject, LedgerRecord, RecordId } from '@pointwell/ledger'
import type { OfferFacts, RedemptionFacts } from '@pointwell/plugin'

/**
 * How far a redemption has come (R6). `held`: points are reserved and the channel is being asked.
 * `unknown`: the channel could not say; it is asked again until it can. `cancelling`: the channel is
 * being asked to take it back.
 */
export const REDEMPTION_STATUSES = [
  'held',
  'unknown',
  'fulfilled',
  'released',
  'cancelling',
  'cancelled',
] as const
export type RedemptionStatus = (typeof REDEMPTION_STATUSES)[number]

/** What is kept of a redemption, under the wallet's lock. */
export interface RedemptionBody {
  readonly memberId: string
  readonly channel: string
  /** The offer as it was. */
  readonly offer: OfferFacts
  readonly points: number
  /** The member's tier when it was made. Figures count all of its steps by this one, so that what was
   * redeemed, given back or released under a tier adds up. */
  readonly tier: string
  readonly order: unknown
  readonly status: RedemptionStatus
  readonly createdAt: number
  readonly settledAt: number | null
  /** How often a job has taken it up again. */
  readonly attempts: number
  /** How often it was asked to be cancelled. */
  readonly cancellations: number
  readonly receipt: unknown
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

export function redemptionId(ref: string): RecordId {
  return { kind: 'redemption', ref }
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

/** What figures count it by, the same in each of its steps (W1). */
export function redemptionLabels({ channel, tier }: Pick<Redemption, 'channel' | 'tier'>) {
  return { channel, tier }
}

/** What the channel is told of it. */
export function redemptionFacts(redemption: Redemption): RedemptionFacts {
  const { id, memberId, points, order, createdAt } = redemption
  return { id, memberId, points, order, at: createdAt }
}
