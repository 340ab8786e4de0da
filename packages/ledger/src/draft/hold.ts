import type { JsonObject } from '../posting/json.js'
import { type LedgerRecord, recordKey } from '../posting/posting.js'
import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { checkAmount, checkRoom } from './check-amount.js'
import { type Draft, type DraftLot, findLot, findRecord, move, putRecord } from './draft.js'
import { putBack, type Reinstate } from './put-back.js'
import { type Taken, takeAvailable } from './take-available.js'

export type HoldState = 'held' | 'captured' | 'released' | 'refunded'

interface Hold {
  readonly state: HoldState
  readonly points: number
  readonly taken: Taken
  /** What of it came back in parts; absent: nothing. */
  readonly back?: number
}

export function holdId(ref: string) {
  return { kind: 'hold', ref }
}

/** The lots a hold took, for a command's `needs.lots`: they may be exhausted by now. */
export function holdLots(
  records: ReadonlyMap<string, LedgerRecord>,
  ref: string,
): readonly number[] {
  const record = records.get(recordKey(holdId(ref)))
  return record ? readHold(record).taken.map(([seq]) => seq) : []
}

/**
 * Reserves points for a redemption in progress and remembers which lots gave them, under `ref`.
 * Refuses AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE, INSUFFICIENT_POINTS (available, needed). A `ref`
 * that was used before is the caller's fault and throws: its points would be held for ever.
 */
export function holdPoints(
  draft: Draft,
  { ref, points }: { ref: string; points: number },
): number | Refusal<LedgerRefusalCode> {
  if (findRecord(draft, holdId(ref))) throw new Error(`there is a hold ${ref} already`)
  const fault = checkAmount(points)
  if (fault) return fault
  const { available } = draft.balance
  if (available < points) return refuse('INSUFFICIENT_POINTS', { available, needed: points })
  const taken = takeAvailable(draft, { points, to: 'held' })
  putHold(draft, ref, { state: 'held', points, taken })
  return points
}

/** The held points are spent: they go to `account` (`redeemed:coupon`). Refuses HOLD_NOT_FOUND. */
export function captureHold(
  draft: Draft,
  { ref, account }: { ref: string; account: string },
): number | Refusal<LedgerRefusalCode> {
  const hold = findHold(draft, ref, 'held')
  if (!hold) return refuse('HOLD_NOT_FOUND', { field: 'ref' })
  for (const { lot, amount } of lotsOf(draft, hold)) {
    move(draft, { lot, from: 'held', to: account, amount })
  }
  putHold(draft, ref, { ...hold, state: 'captured' })
  return hold.points
}

/** The held points go back to the very lots they came from. Refuses HOLD_NOT_FOUND. */
export function releaseHold(
  draft: Draft,
  { ref, lapsed }: { ref: string; lapsed: Reinstate },
): number | Refusal<LedgerRefusalCode> {
  const hold = findHold(draft, ref, 'held')
  if (!hold) return refuse('HOLD_NOT_FOUND', { field: 'ref' })
  for (const part of lotsOf(draft, hold)) putBack(draft, { ...part, from: 'held', lapsed })
  putHold(draft, ref, { ...hold, state: 'released' })
  return hold.points
}

/** Points that were captured come back to the very lots they came from: all that have not. Refuses
 * HOLD_NOT_FOUND (never captured, or refunded already), BALANCE_TOO_LARGE. */
export function refundHold(
  draft: Draft,
  { ref, account, lapsed }: { ref: string; account: string; lapsed: Reinstate },
): number | Refusal<LedgerRefusalCode> {
  const hold = findHold(draft, ref, 'captured')
  if (!hold) return refuse('HOLD_NOT_FOUND', { field: 'ref' })
  return refundPart(draft, { ref, account, lapsed, points: leftOf(hold) })
}

/**
 * A part of what was captured comes back (L2), in the order in which it was taken: so any sequence of parts
 * ends where all at once does, also where there is a debt that the first of it repays. Refuses HOLD_NOT_FOUND, AMOUNT_NOT_POSITIVE, INSUFFICIENT_POINTS
 * (`available`: what has not come back), BALANCE_TOO_LARGE.
 */
export function refundPart(
  draft: Draft,
  {
    ref,
    account,
    lapsed,
    points,
  }: { ref: string; account: string; lapsed: Reinstate; points: number },
): number | Refusal<LedgerRefusalCode> {
  const hold = findHold(draft, ref, 'captured')
  if (!hold) return refuse('HOLD_NOT_FOUND', { field: 'ref' })
  const left = leftOf(hold)
  const fault = checkAmount(points)
  if (fault) return fault
  if (points > left) return refuse('INSUFFICIENT_POINTS', { available: left, needed: points })
  const full = checkRoom(draft, points)
  if (full) return full
  let skip = hold.back ?? 0
  let open = points
  for (const { lot, amount } of lotsOf(draft, hold)) {
    const skipped = Math.min(skip, amount)
    skip -= skipped
    const back = Math.min(open, amount - skipped)
    open -= back
    if (back > 0) putBack(draft, { lot, amount: back, from: account, lapsed })
  }
  const state = points === left ? 'refunded' : 'captured'
  putHold(draft, ref, { ...hold, state, back: (hold.back ?? 0) + points })
  return points
}

function leftOf({ points, back = 0 }: Hold): number {
  return points - back
}

function lotsOf(draft: Draft, hold: Hold): { lot: DraftLot; amount: number }[] {
  return hold.taken.map(([seq, amount]) => {
    const lot = findLot(draft, seq)
    if (!lot) throw new Error(`a hold names lot ${seq}, which this wallet never had`)
    return { lot, amount }
  })
}

function findHold(draft: Draft, ref: string, state: HoldState): Hold | undefined {
  const record = findRecord(draft, holdId(ref))
  if (!record || record.wallet !== draft.view.wallet.id) return undefined
  const hold = readHold(record)
  return hold.state === state ? hold : undefined
}

function readHold(record: LedgerRecord): Hold {
  return record.body as unknown as Hold
}

function putHold(draft: Draft, ref: string, hold: Hold): void {
  putRecord(draft, { ...holdId(ref), body: hold as unknown as JsonObject, dueAt: null })
}
