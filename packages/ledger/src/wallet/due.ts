import type { Lot } from './wallet.js'

export interface Due {
  readonly move: 'confirm' | 'void' | 'expire'
  readonly at: number
}

/** The next thing that happens to a lot by itself, null when nothing will. */
export function dueOf(lot: Lot): Due | null {
  if (lot.pending > 0 && lot.confirmAt !== null) return { move: 'confirm', at: lot.confirmAt }
  if (lot.claimable > 0) {
    if (lot.expiresAt !== null && (lot.claimBy === null || lot.expiresAt < lot.claimBy)) {
      return { move: 'expire', at: lot.expiresAt }
    }
    return lot.claimBy === null ? null : { move: 'void', at: lot.claimBy }
  }
  if (lot.available > 0 && lot.expiresAt !== null) return { move: 'expire', at: lot.expiresAt }
  return null
}

export function earliestDue(lots: Iterable<Lot>, known: number | null = null): number | null {
  let earliest = known
  for (const lot of lots) {
    const due = dueOf(lot)
    if (due !== null && (earliest === null || due.at < earliest)) earliest = due.at
  }
  return earliest
}
