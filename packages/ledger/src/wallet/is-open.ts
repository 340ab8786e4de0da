import { LOT_STATES, type Lot, type LotState } from './wallet.js'

/** A lot ends when none of its points are anywhere. */
export function isOpen(lot: Lot): boolean {
  return LOT_STATES.some((state) => lot[state] > 0)
}

const STATES: ReadonlySet<string> = new Set(LOT_STATES)

/** Whether an account is one of the places where points of a lot can be. */
export function isLotState(account: string): account is LotState {
  return STATES.has(account)
}
