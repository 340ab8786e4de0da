import { isRefusal, type Refusal, refuse } from '@pointwell/plugin'
import type { PurchaseEvent, PurchaseReturn } from '../event/purchase-event.js'

/**
 * An order as it would have been without what was returned (L5). Its lines stay, with how many of each came
 * back, because shares that earn nothing go by the order as it was bought. Refuses
 * ORDER_LINE_NOT_FOUND (`field`) and RETURN_EXCEEDS_PURCHASE (`field`, `available`, `needed`).
 */
export function withoutReturned(
  event: PurchaseEvent,
  taken: readonly PurchaseReturn[] | 'all',
): PurchaseEvent | Refusal<'ORDER_LINE_NOT_FOUND' | 'RETURN_EXCEEDS_PURCHASE'> {
  const returned = taken === 'all' ? allOf(event) : sumOf(event, taken)
  if (isRefusal(returned)) return returned
  return {
    ...event,
    lines: event.lines.map((line) => ({ ...line, returned: returned.get(line.id)! })),
  }
}

function allOf(event: PurchaseEvent): Map<string, number> {
  return new Map(event.lines.map(({ id, quantity }) => [id, quantity]))
}

function sumOf(event: PurchaseEvent, taken: readonly PurchaseReturn[]) {
  const bought = allOf(event)
  // Where an order says by itself that some came back, those stay returned.
  const returned = new Map(event.lines.map(({ id, returned = 0 }) => [id, returned]))
  for (const { lines } of taken) {
    for (const [index, { line, quantity }] of lines.entries()) {
      const most = bought.get(line)
      if (most === undefined)
        return refuse('ORDER_LINE_NOT_FOUND', { field: `lines.${index}.line` })
      const before = returned.get(line)!
      if (before + quantity > most) {
        return refuse('RETURN_EXCEEDS_PURCHASE', {
          field: `lines.${index}.quantity`,
          available: most - before,
          needed: quantity,
        })
      }
      returned.set(line, before + quantity)
    }
  }
  return returned
}
