import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { LOT_STATES } from '../wallet/wallet.js'
import type { Draft } from './draft.js'

/** The most points a wallet or a movement can have: a million millions, more than anybody earns, and
 * so far below 2^53 that whatever one batch adds up stays exact. Sums over wallets do not. */
export const MAX_POINTS = 1_000_000_000_000

/** Refuses AMOUNT_NOT_POSITIVE (also fractions and what is no number), AMOUNT_TOO_LARGE. */
export function checkAmount(points: number): Refusal<LedgerRefusalCode> | null {
  if (!(points > 0) || (Number.isFinite(points) && !Number.isInteger(points))) {
    return refuse('AMOUNT_NOT_POSITIVE', { field: 'points' })
  }
  if (points > MAX_POINTS) {
    return refuse('AMOUNT_TOO_LARGE', { field: 'points', limit: MAX_POINTS })
  }
  return null
}

/** Refuses BALANCE_TOO_LARGE when the wallet could not hold so many more. */
export function checkRoom(draft: Draft, points: number): Refusal<LedgerRefusalCode> | null {
  let room = MAX_POINTS
  for (const state of LOT_STATES) room -= draft.balance[state]
  if (points <= room) return null
  return refuse('BALANCE_TOO_LARGE', { available: room, needed: points })
}
