import { type Calendar, type Refusal, refuse } from '@pointwell/plugin'
import { returnUntil } from './return-until.js'
import {
  changed,
  type Decided,
  findReceivedAt,
  findStatus,
  refuseAs,
  type Shipment,
  unchanged,
} from './shipment.js'

/** The member wants to send it back; twice is once. Refuses GOODS_NOT_RETURNABLE,
 * GOODS_RETURN_TOO_LATE, and what it is where it was not received. */
export function decideReturnRequest(
  shipment: Shipment,
  { calendar, now }: { readonly calendar: Calendar; readonly now: number },
): Decided | Refusal {
  const status = findStatus(shipment, now)
  if (status === 'return-requested' || status === 'returned') return unchanged(shipment)
  if (status !== 'received') return refuseAs(status)
  const until = returnUntil(shipment, { calendar, now })
  if (until === null) return refuse('GOODS_NOT_RETURNABLE')
  if (now >= until) return refuse('GOODS_RETURN_TOO_LATE')
  return changed(shipment, {
    status: 'return-requested',
    receivedAt: findReceivedAt(shipment, now),
    returnRequestedAt: now,
  })
}
