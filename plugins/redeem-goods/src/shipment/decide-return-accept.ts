import type { Refusal } from '@pointwell/plugin'
import {
  changed,
  type Decided,
  findStatus,
  refuseAs,
  type Shipment,
  unchanged,
} from './shipment.js'

/** The shop has it back, or takes the member's word: the redemption can be cancelled from here on. Also
 * where it was declined before. Twice is once. Refuses what it is where nobody asked for it. */
export function decideReturnAccept(
  shipment: Shipment,
  { now }: { readonly now: number },
): Decided | Refusal {
  const status = findStatus(shipment, now)
  if (status === 'returned') return unchanged(shipment)
  if (status !== 'return-requested' && status !== 'return-declined') return refuseAs(status)
  return changed(shipment, { status: 'returned', returnAcceptedAt: now })
}
