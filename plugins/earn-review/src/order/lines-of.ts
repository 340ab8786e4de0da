import type { EarnedRecord } from '@pointwell/plugin'
import { z } from 'zod'

/** The source that takes in orders. */
export const ORDERS = 'purchase'

/** What of an order a review goes by; whatever else is in it is not looked at. */
const order = z.object({ lines: z.array(z.object({ id: z.string(), quantity: z.number() })) })
const returned = z.object({ lines: z.array(z.object({ line: z.string(), quantity: z.number() })) })

/** A bought line as it is now: how many pieces of it did not come back. */
export interface OrderLine {
  readonly id: string
  readonly left: number
}

/** The lines of an order; of one that was cancelled nothing is left. */
export function linesOf(
  record: Pick<EarnedRecord, 'event' | 'status' | 'returns'>,
): readonly OrderLine[] {
  const back = new Map<string, number>()
  for (const taken of record.returns) {
    for (const { line, quantity } of returned.safeParse(taken).data?.lines ?? []) {
      back.set(line, (back.get(line) ?? 0) + quantity)
    }
  }
  const lines = order.safeParse(record.event).data?.lines ?? []
  return lines.map(({ id, quantity }) => ({
    id,
    left: record.status === 'cancelled' ? 0 : quantity - (back.get(id) ?? 0),
  }))
}
