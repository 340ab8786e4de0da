import type { Lot } from './wallet.js'
import type { WalletLock } from './wallet-lock.js'

export interface Due {
  readonly move: 'confirm' | 'void' | 'expire' | 'freeze'
  readonly at: number
}

/**
 * The next thing that happens to a lot by itself, null when nothing will. `usableUntil`: from then on
 * nothing in its wallet can be used, and time stands still for what is there: it neither expires nor is
 * voided, only what is pending still confirms.
 */
export function dueOf(lot: Lot, usableUntil: number | null = null): Due | null {
  if (lot.pending > 0 && lot.confirmAt !== null) return { move: 'confirm', at: lot.confirmAt }
  const end = endOf(lot)
  if (usableUntil === null || (end !== null && end.at <= usableUntil)) return end
  return lot.available > 0 ? { move: 'freeze', at: usableUntil } : null
}

function endOf(lot: Lot): Due | null {
  if (lot.claimable > 0) {
    if (lot.expiresAt !== null && (lot.claimBy === null || lot.expiresAt < lot.claimBy)) {
      return { move: 'expire', at: lot.expiresAt }
    }
    return lot.claimBy === null ? null : { move: 'void', at: lot.claimBy }
  }
  if (lot.available > 0 && lot.expiresAt !== null) return { move: 'expire', at: lot.expiresAt }
  return null
}

/** When next something happens by itself: to one of the lots, or to points that are locked for a time. */
export function earliestDue(
  lots: Iterable<Lot>,
  lock: WalletLock | null,
  known: number | null = null,
): number | null {
  let earliest = known
  const take = (at: number | null) => {
    if (at !== null && (earliest === null || at < earliest)) earliest = at
  }
  for (const lot of lots) take(dueOf(lot, lock?.usableUntil)?.at ?? null)
  for (const freeze of lock?.freezes ?? []) take(freeze.until)
  return earliest
}
