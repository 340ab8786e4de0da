import type { Refusal } from '@pointwell/plugin'
import {
  changed,
  type Decided,
  findStatus,
  refuseAs,
  type Shipment,
  unchanged,
} from './shipment.js'

/** Somebody takes it off the shelf; twice is once. Refuses what it is where it is not ordered. */
export function decidePick(
  shipment: Shipment,
  { now }: { readonly now: number },
): Decided | Refusal {
  const status = findStatus(shipment, now)
  if (status === 'picking') return unchanged(shipment)
  if (status !== 'ordered') return refuseAs(status)
  return changed(shipment, { status: 'picking', pickedAt: now })
}
