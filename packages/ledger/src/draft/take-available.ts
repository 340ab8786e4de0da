import type { Lot } from '../wallet/wallet.js'
import { type Draft, findLot, move, openLots } from './draft.js'

/** Soonest-expiring first, then oldest (L2); what never expires comes last. */
function compareSpendOrder(a: Lot, b: Lot): number {
  const expiry = (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity)
  // Infinity − Infinity is NaN: both never expire.
  if (expiry !== 0 && !Number.isNaN(expiry)) return expiry
  return a.earnedAt - b.earnedAt || a.seq - b.seq
}

/** How much of which lot, in the order taken. */
export type Taken = readonly (readonly [lot: number, points: number])[]

/** Moves up to `points` available points to `to`, in spend order; says which lots gave how much.
 * `only`: which lots may give; default: all. */
export function takeAvailable(
  draft: Draft,
  { points, to, only = () => true }: { points: number; to: string; only?: (lot: Lot) => boolean },
): Taken {
  const taken: [number, number][] = []
  const lots = openLots(draft).filter((lot) => lot.available > 0 && only(lot))
  let left = points
  for (const { seq } of lots.sort(compareSpendOrder)) {
    if (left === 0) break
    const lot = findLot(draft, seq)!
    const amount = Math.min(lot.available, left)
    move(draft, { lot, from: 'available', to, amount })
    taken.push([seq, amount])
    left -= amount
  }
  return taken
}
