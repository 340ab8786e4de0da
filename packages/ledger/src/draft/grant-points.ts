import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal } from '../refusal/refusal.js'
import type { Lot } from '../wallet/wallet.js'
import { checkAmount, checkRoom } from './check-amount.js'
import { type Draft, type DraftLot, move } from './draft.js'
import { makeUsable } from './make-usable.js'

export interface NewLot {
  readonly kind: string
  readonly source: string
  readonly ref: string | null
  /** Whole points, ≥ 0; nothing is opened for 0. */
  readonly points: number
  /** Epoch milliseconds. */
  readonly earnedAt: number
  /** Absent: usable at once (or claimable, with `claimMs`). */
  readonly pending?: { readonly confirmAt: number | null }
  readonly claimMs: number | null
  /** The first instant at which it is no longer usable, null: never. */
  readonly expiresAt: number | null
}

/** Opens a lot. Refuses AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE, BALANCE_TOO_LARGE. */
export function grantPoints(draft: Draft, grant: NewLot): Lot | null | Refusal<LedgerRefusalCode> {
  if (grant.points === 0) return null
  const fault = checkAmount(grant.points) ?? checkRoom(draft, grant.points)
  if (fault) return fault
  const lot: DraftLot = {
    seq: draft.lastLot + 1,
    kind: grant.kind,
    source: grant.source,
    ref: grant.ref,
    granted: grant.points,
    available: 0,
    pending: 0,
    claimable: 0,
    held: 0,
    frozen: 0,
    earnedAt: grant.earnedAt,
    confirmAt: grant.pending?.confirmAt ?? null,
    claimMs: grant.claimMs,
    claimBy: null,
    expiresAt: grant.expiresAt,
    lapsed: 0,
    voided: 0,
  }
  draft.lastLot = lot.seq
  draft.changed.set(lot.seq, lot)
  const from = `issued:${grant.source}`
  if (grant.pending) move(draft, { lot, from, to: 'pending', amount: grant.points })
  else makeUsable(draft, { lot, from, amount: grant.points, at: grant.earnedAt })
  return lot
}
