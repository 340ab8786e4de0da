import type { Refusal } from '@pointwell/plugin'
import {
  changed,
  type Decided,
  findStatus,
  refuseAs,
  type Shipment,
  unchanged,
} from './shipment.js'

/** It has come; twice is once, also where it counted as received before. Refuses what it is where it
 * is not on its way. */
export function decideReceive(
  shipment: Shipment,
  { now }: { readonly now: number },
): Decided | Refusal {
  const status = findStatus(shipment, now)
  if (status === 'received') return unchanged(shipment)
  if (status !== 'sent') return refuseAs(status)
  return changed(shipment, { status: 'received', receivedAt: now })
}
