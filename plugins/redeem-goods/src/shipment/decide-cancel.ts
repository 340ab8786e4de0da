import type { Calendar, Refusal } from '@pointwell/plugin'
import type { GoodsRefusalCode } from '../words/goods-words.js'
import { returnUntil } from './return-until.js'
import {
  changed,
  type Decided,
  findStatus,
  refuseAs,
  type Shipment,
  unchanged,
} from './shipment.js'

/**
 * Takes goods back (R7); twice is once. Goods that are not on their way yet, as far as the settings
 * say; those whose return was accepted; a product of the programme's own in its time. Else refuses
 * what they are: a code or a top-up that was given stays given.
 */
export function decideCancel(
  shipment: Shipment,
  {
    cancelUntil,
    calendar,
    now,
  }: {
    readonly cancelUntil: 'picked' | 'sent'
    readonly calendar: Calendar
    readonly now: number
  },
): Decided | Refusal<GoodsRefusalCode> {
  const status = findStatus(shipment, now)
  switch (status) {
    case undefined:
    case 'cancelled':
    case 'failed':
      return unchanged(shipment)
    case 'ordered':
    case 'returned':
      return ended(shipment, now)
    case 'picking':
      return cancelUntil === 'sent' ? ended(shipment, now) : refuseAs(status)
    case 'given': {
      const until = returnUntil(shipment, { calendar, now })
      return until !== null && now < until ? ended(shipment, now) : refuseAs(status)
    }
    default:
      return refuseAs(status)
  }
}

function ended(shipment: Shipment, now: number): Decided {
  return changed(shipment, { status: 'cancelled', endedAt: now })
}
