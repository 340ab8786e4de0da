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
 * A top-up was done, with the reference of who did it, or cannot be done, and why. The same again is
 * the same; what was decided stays. Refuses what it is where it is no top-up that waits.
 */
export function decideTopUp(
  shipment: Shipment,
  {
    outcome,
    note,
    now,
  }: {
    readonly outcome: 'given' | 'failed'
    readonly note: string | null
    readonly now: number
  },
): Decided | Refusal {
  const status = findStatus(shipment, now)
  if (shipment.kind !== 'top-up') return refuseAs(status)
  const isSame = outcome === 'failed' || shipment.note === note
  if (status === outcome && isSame) return unchanged(shipment)
  if (status !== 'waiting') return refuseAs(status)
  return changed(shipment, {
    status: outcome,
    note,
    ...(outcome === 'given' ? { receivedAt: now } : { endedAt: now }),
  })
}
