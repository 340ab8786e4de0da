import type { Cancellation } from '@pointwell/plugin'
import { decideCancel } from '../shipment/decide-cancel.js'
import { type GoodsContext, neverGiven, newShipment } from '../shipment/new-shipment.js'
import { changeShipment } from '../store/change-shipment.js'
import { findOrInsertShipment, findShipment } from '../store/shipment-table.js'

/**
 * Takes a redemption's goods back as far as that goes, once, however often it is asked. Where
 * nothing was given yet, nothing will be: a call of `fulfil` that is still on its way finds it
 * cancelled. Refused with what the goods are now: `GOODS_SENT`, `GOODS_GIVEN` …
 */
export async function cancelGoods(context: GoodsContext): Promise<Cancellation> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { store, redemption, calendar, now, settings } = context
  if (!(await findShipment(store, redemption.id))) {
    await findOrInsertShipment(store, neverGiven(newShipment(context), 'GOODS_CANCELLED'))
  }
  const answer = await changeShipment(store, {
    redemptionId: redemption.id,
    decide: (shipment) =>
      decideCancel(shipment, { cancelUntil: settings.cancelUntil, calendar, now }),
  })
  return answer && 'refused' in answer
    ? { outcome: 'refused', code: answer.code }
    : { outcome: 'cancelled' }
}
