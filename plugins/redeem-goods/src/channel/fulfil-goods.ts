import type { Fulfilment } from '@pointwell/plugin'
import { type GoodsContext, newShipment } from '../shipment/new-shipment.js'
import type { Shipment } from '../shipment/shipment.js'
import { giveCode } from '../store/give-code.js'
import { findOrInsertShipment, findShipment } from '../store/shipment-table.js'

/**
 * Orders the goods of a redemption, or gives them, once, however often it is asked. A top-up is
 * `unknown` until the storefront says that it was done or cannot be (R6). Refused: `GOODS_SOLD_OUT`
 * where there is no code left, `GOODS_FAILED` for such a top-up, `GOODS_CANCELLED` where the
 * redemption was cancelled.
 */
export async function fulfilGoods(context: GoodsContext): Promise<Fulfilment> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  return answerFor(await findOrOrder(context))
}

async function findOrOrder(context: GoodsContext): Promise<Shipment> {
  const { store, redemption } = context
  const known = await findShipment(store, redemption.id)
  if (known) return known
  const shipment = newShipment(context)
  return shipment.kind === 'code'
    ? giveCode(store, shipment)
    : findOrInsertShipment(store, shipment)
}

function answerFor(shipment: Shipment): Fulfilment {
  switch (shipment.status) {
    case 'waiting':
      return { outcome: 'unknown', detail: 'the top-up is not done yet' }
    case 'failed':
      return { outcome: 'refused', code: 'GOODS_FAILED' }
    case 'cancelled':
      return { outcome: 'refused', code: 'GOODS_CANCELLED' }
    case 'never':
      return { outcome: 'refused', code: shipment.note ?? 'GOODS_CANCELLED' }
    default:
      return { outcome: 'fulfilled', receipt: receiptOf(shipment) }
  }
}

/** What the member keeps of the redemption. */
function receiptOf({ kind, code, sku, note }: Shipment) {
  switch (kind) {
    case 'physical':
      return { kind }
    case 'top-up':
      return { kind, reference: note }
    case 'code':
      return { kind, code }
    case 'own':
      return { kind, sku }
  }
}
