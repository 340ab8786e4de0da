import { seededRandom } from '../measure/seeded-random.js'
import type { Order } from './purchase-command.js'

/** When the bench's orders begin, epoch milliseconds; the ledger's clock stands a little later. Not
 * long ago: servers that read the store go by the machine's clock, and nothing shall have run out. */
export const FIRST_ORDER_AT = Date.now() - 30 * 86_400_000

const CATEGORIES = ['grocery', 'home', 'beauty', 'baby']

/** The orders of one round, the same for the same round: of members anywhere among `wallets`, one to
 * three lines each. */
export function drawOrders({
  round,
  count,
  wallets,
}: {
  round: number
  count: number
  wallets: number
}): Order[] {
  const random = seededRandom(round + 1)
  const below = (limit: number) => Math.floor(random() * limit)
  return Array.from({ length: count }, (_, place) => ({
    orderId: `o-${round}-${place}`,
    wallet: 1 + below(wallets),
    at: FIRST_ORDER_AT + round * 60_000,
    lines: Array.from({ length: 1 + below(3) }, (_, line) => ({
      id: String(line + 1),
      article: `SKU-${10_000 + below(50_000)}`,
      quantity: 1 + below(3),
      unitPrice: String(5 + below(300)),
      category: CATEGORIES[below(CATEGORIES.length)]!,
    })),
  }))
}
