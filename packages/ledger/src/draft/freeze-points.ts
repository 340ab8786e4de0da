import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { checkAmount } from './check-amount.js'
import { type Draft, findLot, moveToAvailable, openLots } from './draft.js'
import { compareSpendOrder, takeAvailable } from './take-available.js'

/** Available points are locked in the wallet. Refuses AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE,
 * INSUFFICIENT_POINTS. Frozen points do not expire by themselves. */
export function freezePoints(
  draft: Draft,
  { points }: { points: number },
): number | Refusal<LedgerRefusalCode> {
  const fault = checkAmount(points)
  if (fault) return fault
  const { available } = draft.balance
  if (available < points) return refuse('INSUFFICIENT_POINTS', { available, needed: points })
  takeAvailable(draft, { points, to: 'frozen' })
  return points
}

/** Frozen points are usable again, soonest-expiring first. Refuses like `freezePoints`. */
export function thawPoints(
  draft: Draft,
  { points }: { points: number },
): number | Refusal<LedgerRefusalCode> {
  const fault = checkAmount(points)
  if (fault) return fault
  const { frozen } = draft.balance
  if (frozen < points) return refuse('INSUFFICIENT_POINTS', { available: frozen, needed: points })
  let left = points
  for (const { seq } of openLots(draft).toSorted(compareSpendOrder)) {
    const lot = findLot(draft, seq)!
    const amount = Math.min(lot.frozen, left)
    moveToAvailable(draft, { lot, from: 'frozen', amount })
    left -= amount
  }
  return points
}
