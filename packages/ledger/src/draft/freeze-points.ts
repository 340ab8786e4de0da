import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import { WITHHELD } from '../wallet/lapses.js'
import type { Freeze } from '../wallet/wallet-lock.js'
import { checkAmount } from './check-amount.js'
import { type Draft, findLot, move } from './draft.js'
import { freeFrozen } from './free-frozen.js'
import { takeAvailable } from './take-available.js'

/**
 * Available points are locked in the wallet under a name, until an instant or until somebody frees them.
 * While they are, they do not expire. Refuses AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE,
 * INSUFFICIENT_POINTS. A name that is in use is the caller's fault and throws.
 */
export function freezePoints(
  draft: Draft,
  {
    points,
    ref,
    until = null,
    graceTo = null,
  }: { points: number } & Partial<Freeze> & Pick<Freeze, 'ref'>,
): number | Refusal<LedgerRefusalCode> {
  if (findFreeze(draft, ref)) throw new Error(`there is a freeze ${ref} already`)
  const fault = checkAmount(points)
  if (fault) return fault
  const { available } = draft.balance
  if (available < points) return refuse('INSUFFICIENT_POINTS', { available, needed: points })
  const taken = takeAvailable(draft, { points, to: 'frozen' })
  const freezes = [...draft.lock.freezes, { ref, until, graceTo, taken }]
  draft.lock = { ...draft.lock, freezes }
  return points
}

/**
 * The same of what named lots have available, all of it: points that were just granted and are withheld. Nothing is frozen, and
 * there is no freeze, where they have nothing. Says how many it were.
 */
export function withholdLots(
  draft: Draft,
  {
    lots,
    ref,
    until = null,
    graceTo = null,
  }: { lots: readonly number[] } & Partial<Freeze> & Pick<Freeze, 'ref'>,
): number {
  if (findFreeze(draft, ref)) throw new Error(`there is a freeze ${ref} already`)
  const taken = lots.flatMap((seq): (readonly [number, number])[] => {
    const lot = findLot(draft, seq)
    if (!lot) throw new Error(`a freeze names an unknown lot: ${seq}`)
    const amount = lot.available
    move(draft, { lot, from: 'available', to: 'frozen', amount })
    return amount > 0 ? [[seq, amount]] : []
  })
  if (taken.length === 0) return 0
  const freeze: Freeze = { ref, until, graceTo, taken, withheld: true }
  draft.lock = { ...draft.lock, freezes: [...draft.lock.freezes, freeze] }
  return frozenIn({ taken })
}

/**
 * What is left of a freeze is usable again, in the very lots it was in; in a wallet that is closed it
 * stays frozen until that opens. `graceTo`: the new expiry of a lot that ran out meanwhile; null: what ran
 * out is lost. Refuses FREEZE_NOT_FOUND.
 */
export function thawPoints(
  draft: Draft,
  { ref, graceTo }: Pick<Freeze, 'ref' | 'graceTo'>,
): number | Refusal<LedgerRefusalCode> {
  return end(draft, ref, (seq, amount) => {
    freeFrozen(draft, { lot: findLot(draft, seq)!, amount, graceTo })
  })
}

/** What is left of a freeze is taken for good; figures count it under `voided:REASON`, what was held back from
 * the beginning under `voided:withheld`. Refuses FREEZE_NOT_FOUND. */
export function voidFrozen(
  draft: Draft,
  { ref, reason }: { ref: string; reason: string },
): number | Refusal<LedgerRefusalCode> {
  const withheld = findFreeze(draft, ref)?.withheld ?? false
  return end(draft, ref, (seq, amount) => {
    const lot = findLot(draft, seq)!
    move(draft, { lot, from: 'frozen', to: withheld ? WITHHELD : `voided:${reason}`, amount })
    if (withheld) lot.lapsed += amount
  })
}

/** What a wallet's freezes still hold, by name. */
export function frozenIn({ taken }: Pick<Freeze, 'taken'>): number {
  return taken.reduce((sum, [, points]) => sum + points, 0)
}

function end(
  draft: Draft,
  ref: string,
  each: (seq: number, amount: number) => void,
): number | Refusal<LedgerRefusalCode> {
  const freeze = findFreeze(draft, ref)
  if (!freeze) return refuse('FREEZE_NOT_FOUND', { field: 'ref' })
  const freezes = draft.lock.freezes.filter((it) => it !== freeze)
  draft.lock = { ...draft.lock, freezes }
  for (const [seq, amount] of freeze.taken) each(seq, amount)
  return frozenIn(freeze)
}

function findFreeze(draft: Draft, ref: string): Freeze | undefined {
  return draft.lock.freezes.find((freeze) => freeze.ref === ref)
}
