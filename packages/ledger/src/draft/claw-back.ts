import { isRefusal } from '../refusal/refusal.js'
import { namedIn } from '../wallet/wallet-lock.js'
import { checkAmount } from './check-amount.js'
import { checkLots } from './check-lots.js'
import { type Draft, type DraftLot, move } from './draft.js'
import { takeAvailable } from './take-available.js'

/** How far a return may reach (L5). */
export type ClawbackPolicy = 'pending-only' | 'within-balance' | 'debt'

export interface Clawback {
  /** Lots that the returned order granted. */
  readonly lots: readonly number[]
  /** What to take back now, whole points, ≥ 0; never more than was granted less what was taken. */
  readonly points: number
  /** `forgiven` of the returns of the same order before this one, added up. */
  readonly forgivenBefore: number
  readonly policy: ClawbackPolicy
}

/** Where the points came from; sums to what was to be taken. */
export interface ClawedBack {
  /** Were still pending or claimable. */
  readonly voided: number
  /** Were in the wallet. */
  readonly taken: number
  /** Are owed from now on. */
  readonly owed: number
  /** Had run out in the member's wallet before: nobody had them, nobody owes them. */
  readonly forgiven: number
  /** Stay with the member, because the policy reaches no further. */
  readonly forgone: number
}

/**
 * Takes back what a returned order granted: what is still pending, then what its lots still have,
 * then (by policy) whatever else the wallet has, and the rest as debt. Never refuses: a lot that
 * the wallet never had, or a bad amount, is the caller's fault and throws.
 */
export function clawBack(draft: Draft, request: Clawback): ClawedBack {
  const lots = checkLots(draft, request.lots)
  if (isRefusal(lots)) throw new Error(`clawback names an unknown lot: ${lots.figures.field}`)
  if (request.points !== 0 && checkAmount(request.points)) {
    throw new RangeError(`cannot take back ${request.points} points`)
  }
  const granted = lots.reduce((sum, lot) => sum + lot.granted, 0)
  if (request.points > granted) {
    throw new RangeError(`cannot take back ${request.points} points of ${granted} granted`)
  }
  const forgivable = lapsedOf(lots) - request.forgivenBefore
  if (!(forgivable >= 0)) {
    throw new RangeError(`more was forgiven before (${request.forgivenBefore}) than ran out`)
  }
  let left = request.points
  const takeFrom = (from: 'pending' | 'claimable' | 'available' | 'frozen', to: string) => {
    const before = left
    for (const lot of lots) {
      const amount = Math.min(lot[from], left)
      move(draft, { lot, from, to, amount })
      left -= amount
    }
    return before - left
  }
  const voided = takeFrom('pending', 'voided:returned') + takeFrom('claimable', 'voided:returned')
  if (request.policy === 'pending-only') {
    return { voided, taken: 0, owed: 0, forgiven: 0, forgone: left }
  }
  let taken = takeFrom('available', 'clawed-back') + takeFrom('frozen', 'clawed-back')
  for (const { seq, frozen } of lots) forgetFrozen(draft, { lot: seq, frozen })
  const forgiven = Math.min(left, forgivable)
  left -= forgiven
  if (left > 0) {
    const others = takeAvailable(draft, { points: left, to: 'clawed-back' })
    const found = others.reduce((sum, [, points]) => sum + points, 0)
    taken += found
    left -= found
  }
  if (request.policy === 'within-balance')
    return { voided, taken, owed: 0, forgiven, forgone: left }
  if (left > 0) owe(draft, lots, left)
  return { voided, taken, owed: left, forgiven, forgone: 0 }
}

function owe(draft: Draft, lots: readonly DraftLot[], points: number): void {
  const lot = lots[0]
  if (!lot) throw new Error('a debt needs the lot it comes from')
  move(draft, { lot, from: 'debt', to: 'clawed-back', amount: points })
}

/** What was taken of frozen points is no part of a freeze any more: of those nobody named first, then of
 * the freezes in the order in which they came. */
function forgetFrozen(draft: Draft, { lot, frozen }: { lot: number; frozen: number }): void {
  let over = namedIn(draft.lock, lot) - frozen
  if (over <= 0) return
  const freezes = draft.lock.freezes.map((freeze) => {
    const taken = freeze.taken.flatMap(([seq, points]): (readonly [number, number])[] => {
      const gone = seq === lot ? Math.min(points, over) : 0
      over -= gone
      return points > gone ? [[seq, points - gone]] : []
    })
    return { ...freeze, taken }
  })
  draft.lock = { ...draft.lock, freezes: freezes.filter(({ taken }) => taken.length > 0) }
}

function lapsedOf(lots: readonly DraftLot[]): number {
  return lots.reduce((sum, lot) => sum + lot.lapsed, 0)
}
