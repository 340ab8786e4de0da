import type { Posting, WalletView } from '../posting/posting.js'
import { type Due, dueOf } from '../wallet/due.js'
import type { Lot } from '../wallet/wallet.js'
import { closeDraft, type Draft, findLot, move, openDraft, openLots } from './draft.js'
import { makeUsable } from './make-usable.js'

/**
 * The next thing that is due in a wallet at `view.now`, as one posting: all lots that confirm, run
 * out unclaimed, or expire at the same instant, the earliest first. Undefined when nothing is due.
 * The ledger repeats it until nothing is, before any decision on the wallet.
 */
export function settleNextDue(view: WalletView): Posting | undefined {
  const draft = openDraft(view)
  const next = earliest(openLots(draft), view.now)
  if (!next) return undefined
  const { move: what, at } = next.due
  for (const lot of next.lots) settleLot(draft, lot.seq, next.due)
  return closeDraft(draft, { type: what, reason: REASONS[what], effectiveAt: at })
}

const REASONS = { confirm: 'due', void: 'unclaimed', expire: 'expired' } as const

function earliest(lots: readonly Lot[], now: number): { due: Due; lots: Lot[] } | undefined {
  let found: { due: Due; lots: Lot[] } | undefined
  for (const lot of lots) {
    const due = dueOf(lot)
    if (!due || due.at > now) continue
    if (!found || due.at < found.due.at) found = { due, lots: [lot] }
    else if (due.at === found.due.at && due.move === found.due.move) found.lots.push(lot)
  }
  return found
}

function settleLot(draft: Draft, seq: number, due: Due): void {
  const lot = findLot(draft, seq)!
  if (due.move === 'confirm') {
    makeUsable(draft, { lot, from: 'pending', amount: lot.pending, at: due.at })
    return
  }
  const to = due.move === 'expire' ? 'expired' : 'voided:unclaimed'
  for (const from of ['claimable', 'available'] as const) {
    const amount = from === 'available' && due.move === 'void' ? 0 : lot[from]
    lot.lapsed += amount
    move(draft, { lot, from, to, amount })
  }
}
