import { type Refusal, refuse, type Words } from '@pointwell/plugin'
import type { GoodsRefusalCode } from '../words/goods-words.js'

export type GoodsKind = 'physical' | 'top-up' | 'code' | 'own'

/**
 * Where goods are in their life. Physical ones: ordered → picking → sent → received, and from there
 * return-requested → returned or return-declined. A top-up: waiting → given or failed. A code or a product of the
 * programme's own: given. Whatever was taken back is cancelled.
 */
export type ShipmentStatus =
  | 'ordered'
  | 'picking'
  | 'sent'
  | 'received'
  | 'return-requested'
  | 'returned'
  | 'return-declined'
  | 'waiting'
  | 'given'
  | 'failed'
  | 'cancelled'

/** `never`: its redemption was over before anything was given; it only keeps the redemption from
 * getting something later, and nobody sees it. */
export type StoredStatus = ShipmentStatus | 'never'

/** What one redemption of goods comes to. Instants are epoch milliseconds. */
export interface Shipment {
  readonly redemptionId: string
  readonly memberId: string
  readonly offerId: string
  readonly title: Words
  readonly kind: GoodsKind
  /** The storefront's own id of an address. */
  readonly addressRef: string | null
  readonly account: string | null
  readonly sku: string | null
  readonly code: string | null
  /** Days after the day of receipt on which it can be given back; null: never. Fixed when ordered. */
  readonly returnDays: number | null
  readonly status: StoredStatus
  readonly orderedAt: number
  readonly pickedAt: number | null
  readonly sentAt: number | null
  readonly carrier: string | null
  readonly tracking: string | null
  /** From this instant on it counts as received, whoever says nothing. Fixed when sent. */
  readonly arrivesBy: number | null
  /** When the member had it. */
  readonly receivedAt: number | null
  readonly returnRequestedAt: number | null
  readonly returnAcceptedAt: number | null
  readonly returnDeclinedAt: number | null
  /** Why; the member reads it. */
  readonly returnDeclinedBecause: string | null
  /** When it was cancelled or failed. */
  readonly endedAt: number | null
  /** Of a top-up the reference of who did it, or why it failed; of one that was never given why. */
  readonly note: string | null
  /** Goes up by one with each change: who saw another version changes nothing. */
  readonly version: number
}

/** Undefined for what was never given. */
export function findStatus(
  { status, arrivesBy }: Pick<Shipment, 'status' | 'arrivesBy'>,
  now: number,
): ShipmentStatus | undefined {
  if (status === 'never') return undefined
  // Nothing is written when it counts as received: that is what the clock says about it.
  if (status === 'sent' && arrivesBy !== null && now >= arrivesBy) return 'received'
  return status
}

/** When the member had it; null: not yet. */
export function findReceivedAt(shipment: Shipment, now: number): number | null {
  if (shipment.receivedAt !== null) return shipment.receivedAt
  return findStatus(shipment, now) === 'received' ? shipment.arrivesBy : null
}

/** What a change comes to: the shipment as it is to be, or as it was when nothing has to be written
 * because it was done before. */
export interface Decided {
  readonly refused?: undefined
  readonly shipment: Shipment
  readonly isNew: boolean
}

export function changed(shipment: Shipment, change: Partial<Shipment>): Decided {
  return { shipment: { ...shipment, ...change, version: shipment.version + 1 }, isNew: true }
}

export function unchanged(shipment: Shipment): Decided {
  return { shipment, isNew: false }
}

/** What a shipment is, said as the reason why it cannot be changed in some way. */
export function refuseAs(status: ShipmentStatus | undefined): Refusal<GoodsRefusalCode> {
  return refuse(status ? STATUS_REFUSALS[status] : 'GOODS_NOT_FOUND')
}

const STATUS_REFUSALS: Readonly<Record<ShipmentStatus, GoodsRefusalCode>> = {
  ordered: 'GOODS_ORDERED',
  picking: 'GOODS_PICKING',
  sent: 'GOODS_SENT',
  received: 'GOODS_RECEIVED',
  'return-requested': 'GOODS_RETURN_REQUESTED',
  returned: 'GOODS_RETURNED',
  'return-declined': 'GOODS_RETURN_DECLINED',
  waiting: 'GOODS_WAITING',
  given: 'GOODS_GIVEN',
  failed: 'GOODS_FAILED',
  cancelled: 'GOODS_CANCELLED',
}
