import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import type { Refusal } from '../refusal/refusal.js'
import type { Lot } from '../wallet/wallet.js'
import { checkAmount, checkRoom } from './check-amount.js'
import { type Draft, type DraftLot, move, moveToAvailable, oweOutright } from './draft.js'
import { takeAvailable } from './take-available.js'

/** What balances that were brought along come from, and what they owe goes to. */
export const OPENING = 'opening'

/** A lot as it stood elsewhere. Points are whole, ≥ 0; instants epoch milliseconds. */
export interface BroughtLot
  extends Pick<
    Lot,
    | 'kind'
    | 'source'
    | 'ref'
    | 'granted'
    | 'earnedAt'
    | 'confirmAt'
    | 'claimMs'
    | 'claimBy'
    | 'expiresAt'
    | 'pending'
    | 'claimable'
    | 'lapsed'
    | 'voided'
  > {
  /** Available, or frozen only because the wallet is closed. */
  readonly usable: number
  /** Frozen by name. */
  readonly frozen: number
}

export interface BroughtFreeze {
  readonly ref: string
  readonly until: number | null
  readonly graceTo: number | null
  /** `lot`: its place among the lots that are brought, from 0. */
  readonly taken: readonly { readonly lot: number; readonly points: number }[]
  readonly withheld?: true
}

/**
 * A balance that was kept elsewhere comes into the wallet, in lots with the terms they had. What is usable
 * repays what the wallet owes already, and is frozen where the wallet is closed; what is brought as debt is
 * repaid from what is available here. A lot whose time is over goes with what is due next; one without
 * points is only remembered, for what was earned or paid with it may come back. Needs the lots.
 * Refuses AMOUNT_TOO_LARGE, AMOUNT_NOT_POSITIVE, BALANCE_TOO_LARGE. A freeze of more than its lots have is
 * the caller's fault: the wallet would not verify.
 */
export function openBalance(
  draft: Draft,
  {
    lots,
    debt,
    freezes,
  }: {
    readonly lots: readonly BroughtLot[]
    readonly debt: number
    readonly freezes: readonly BroughtFreeze[]
  },
): readonly number[] | Refusal<LedgerRefusalCode> {
  const sums = [...lots.map(pointsOf), debt].filter((sum) => sum !== 0)
  const fault =
    sums.map(checkAmount).find((it) => it !== null) ??
    checkRoom(
      draft,
      lots.reduce((sum, lot) => sum + pointsOf(lot), 0),
    )
  if (fault) return fault
  const seqs = lots.map((lot) => openLot(draft, lot))
  if (freezes.length > 0) {
    const named = freezes.map(({ taken, ...freeze }) => ({
      ...freeze,
      taken: taken.map(({ lot, points }) => [seqs[lot]!, points] as const),
    }))
    draft.lock = { ...draft.lock, freezes: [...draft.lock.freezes, ...named] }
  }
  oweTheRest(draft, debt)
  return seqs
}

function pointsOf({ usable, pending, claimable, frozen }: BroughtLot): number {
  return usable + pending + claimable + frozen
}

function openLot(
  draft: Draft,
  { usable, frozen, pending, claimable, ...terms }: BroughtLot,
): number {
  const lot: DraftLot = {
    ...terms,
    seq: draft.lastLot + 1,
    available: 0,
    pending: 0,
    claimable: 0,
    held: 0,
    frozen: 0,
  }
  draft.lastLot = lot.seq
  draft.changed.set(lot.seq, lot)
  move(draft, { lot, from: OPENING, to: 'pending', amount: pending })
  move(draft, { lot, from: OPENING, to: 'claimable', amount: claimable })
  move(draft, { lot, from: OPENING, to: 'frozen', amount: frozen })
  moveToAvailable(draft, { lot, from: OPENING, amount: usable })
  return lot.seq
}

function oweTheRest(draft: Draft, debt: number): void {
  const paid = Math.min(debt, draft.balance.available)
  if (paid > 0) takeAvailable(draft, { points: paid, to: OPENING })
  oweOutright(draft, { to: OPENING, amount: debt - paid })
}
