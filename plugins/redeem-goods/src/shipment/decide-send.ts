import type { Refusal } from '@pointwell/plugin'
import {
  changed,
  type Decided,
  findStatus,
  refuseAs,
  type Shipment,
  unchanged,
} from './shipment.js'

/**
 * It goes out with a carrier; the same again is the same, with another number it is refused.
 * `arrivesBy`: from when on it counts as received. Refuses what it is where it is not being picked.
 */
export function decideSend(
  shipment: Shipment,
  {
    carrier,
    tracking,
    arrivesBy,
    now,
  }: {
    readonly carrier: string
    readonly tracking: string
    readonly arrivesBy: number
    readonly now: number
  },
): Decided | Refusal {
  const status = findStatus(shipment, now)
  const isSame = shipment.carrier === carrier && shipment.tracking === tracking
  if (isSame && (status === 'sent' || status === 'received')) return unchanged(shipment)
  if (status !== 'picking') return refuseAs(status)
  return changed(shipment, { status: 'sent', sentAt: now, carrier, tracking, arrivesBy })
}
