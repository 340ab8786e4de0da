import type { Refusal } from '@pointwell/plugin'
import {
  changed,
  type Decided,
  findStatus,
  refuseAs,
  type Shipment,
  unchanged,
} from './shipment.js'

/** The shop does not take it back: the member keeps it, and is told why. Twice is once, and the first
 * reason stays. Refuses what it is where nobody asked for it. */
export function decideReturnDecline(
  shipment: Shipment,
  { because, now }: { readonly because: string; readonly now: number },
): Decided | Refusal {
  const status = findStatus(shipment, now)
  if (status === 'return-declined') return unchanged(shipment)
  if (status !== 'return-requested') return refuseAs(status)
  return changed(shipment, {
    status: 'return-declined',
    returnDeclinedAt: now,
    returnDeclinedBecause: because,
  })
}
