import { type Deeds, type Kept, lastOrderOf, later, oldestMonth } from './deeds.js'

/** Orders that stand, as far as segments look at them. */
export interface OrderFigures {
  /** The local date of the last one within the window; null: there is none. */
  readonly lastOrder: string | null
  readonly orders: number
  /** Minor units. */
  readonly minor: number
  /** The local date of the last one at all, however long ago. */
  readonly lastEver: string | null
}

/** Recency, frequency and amount over so many months, that of `today` included (M6). What waits to be
 * confirmed does not count: settle it first. */
export function orderFigures(deeds: Deeds, window: Kept): OrderFigures {
  const oldest = oldestMonth(window)
  const newest = window.today.slice(0, 7)
  let lastOrder: string | null = null
  let lastEver = deeds.earlier
  let orders = 0
  let minor = 0
  for (const entry of Object.entries(deeds.months)) {
    const [month, { days, minor: spent }] = entry
    // The clock of a till may be ahead; its order counts once its month has begun.
    if (month > newest) continue
    const last = lastOrderOf(entry)
    lastEver = later(lastEver, last)
    if (month < oldest) continue
    lastOrder = later(lastOrder, last)
    for (const count of Object.values(days)) orders += count
    minor += spent
  }
  return { lastOrder, orders, minor, lastEver }
}
