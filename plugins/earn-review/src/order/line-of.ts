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

/** The line of an order; undefined when it has none of this id. */
export function lineOf(record: EarnedRecord, lineId: string): OrderLine | undefined {
  const lines = order.safeParse(record.event).data?.lines ?? []
  const line = lines.find(({ id }) => id === lineId)
  if (!line) return undefined
  const back = record.returns
    .flatMap((taken) => returned.safeParse(taken).data?.lines ?? [])
    .filter((it) => it.line === lineId)
    .reduce((sum, { quantity }) => sum + quantity, 0)
  return { id: lineId, left: line.quantity - back }
}
