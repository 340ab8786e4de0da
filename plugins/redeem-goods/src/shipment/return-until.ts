import type { Calendar } from '@pointwell/plugin'
import { findReceivedAt, type Shipment } from './shipment.js'

/** The first instant at which goods can no longer be given back, epoch milliseconds; null: they
 * cannot at all, or are not there yet. */
export function returnUntil(
  shipment: Shipment,
  { calendar, now }: { readonly calendar: Calendar; readonly now: number },
): number | null {
  const receivedAt = findReceivedAt(shipment, now)
  if (shipment.returnDays === null || receivedAt === null) return null
  return calendar.endOf(calendar.addDays(calendar.dateOf(receivedAt), shipment.returnDays))
}
