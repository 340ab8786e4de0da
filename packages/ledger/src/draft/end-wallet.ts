import { LOT_STATES } from '../wallet/wallet.js'
import { type Draft, findLot, move, openLots } from './draft.js'

/** What the end of a wallet took; whole points. */
export interface WalletEnded {
  /** Points that were in it, in whatever state. */
  readonly forfeited: number
  /** Points that it owed. */
  readonly forgiven: number
}

/**
 * Ends a wallet for good: every point that is left goes to `voided:REASON`, what is owed is let off against
 * `forgiven:REASON`, locks are gone, and nothing is posted to it any more. Needs the lots. Points on hold
 * are somebody else's business first: with any, it throws.
 */
export function endWallet(draft: Draft, { reason }: { reason: string }): WalletEnded {
  if (draft.balance.held > 0) throw new RangeError('points are on hold')
  let forfeited = 0
  for (const { seq } of openLots(draft)) {
    const lot = findLot(draft, seq)!
    for (const from of LOT_STATES) {
      const amount = lot[from]
      move(draft, { lot, from, to: `voided:${reason}`, amount })
      forfeited += amount
    }
  }
  const forgiven = draft.balance.debt
  letOff(draft, reason)
  draft.lock = { usableUntil: null, freezes: [], ended: true }
  return { forfeited, forgiven }
}

/** What is owed is no lot's. */
function letOff(draft: Draft, reason: string): void {
  const amount = draft.balance.debt
  if (amount === 0) return
  draft.balance.debt = 0
  const account = `forgiven:${reason}`
  draft.entries.set(`debt\u0000`, { account: 'debt', lot: null, amount })
  draft.entries.set(`${account}\u0000`, { account, lot: null, amount: -amount })
}
