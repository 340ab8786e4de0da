import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { isOpen } from '../wallet/is-open.js'
import { LOT_STATES, type Lot } from '../wallet/wallet.js'
import { type Draft, findLot } from './draft.js'

/** Until when a lot should last: the first instant at which it is no longer usable, epoch
 * milliseconds. */
export interface NewEnd {
  readonly lot: number
  readonly expiresAt: number
}

/** A lot that has another end now. */
export interface Extended {
  readonly lot: number
  /** Points of it that have the new end, wherever in the wallet they are. */
  readonly points: number
  /** Null: it had none. */
  readonly from: number | null
  readonly to: number
}

/**
 * Lots last longer. Nothing is ever taken by it: a lot with a later end keeps that, one that has run
 * out or has nothing left stays as it is, and so does one that never ends, unless `unending` says that
 * it gets the new end: it then lies ahead, or there is nothing left that it could take. With that, lots
 * that have nothing left change too: what comes back to them later finds its end there. Answers with
 * what changed. Refuses LOT_NOT_FOUND.
 */
export function extendLots(
  draft: Draft,
  { ends, unending = 'keep' }: { ends: readonly NewEnd[]; unending?: 'keep' | 'end' },
): readonly Extended[] | Refusal<LedgerRefusalCode> {
  const { now } = draft.view
  const extended: Extended[] = []
  for (const [place, { lot: seq, expiresAt: to }] of ends.entries()) {
    const lot = findLot(draft, seq)
    if (!lot) return refuse('LOT_NOT_FOUND', { field: `lots.${place}` })
    const from = lot.expiresAt
    const isEmpty = !isOpen(lot)
    if (from === null) {
      if (unending === 'keep' || (!isEmpty && to <= now)) continue
    } else if ((isEmpty && unending === 'keep') || from <= now || to <= from) continue
    lot.expiresAt = to
    extended.push({ lot: seq, points: pointsIn(lot), from, to })
  }
  return extended
}

/** All points of a lot that are still somewhere in the wallet. */
export function pointsIn(lot: Lot): number {
  return LOT_STATES.reduce((sum, state) => sum + lot[state], 0)
}
