import type { Posting, WalletView } from '../posting/posting.js'
import { type Due, dueOf } from '../wallet/due.js'
import type { Lot } from '../wallet/wallet.js'
import { lockOf } from '../wallet/wallet-lock.js'
import { closeDraft, type Draft, findLot, move, openDraft, openLots } from './draft.js'
import { thawPoints } from './freeze-points.js'
import { makeUsable } from './make-usable.js'

/**
 * The next thing that is due in a wallet at `view.now`, as one posting: all lots that confirm, run out
 * unclaimed, expire or are frozen at the same instant, or points that were frozen until then; the earliest
 * first. Undefined when nothing is due. The ledger repeats it until nothing is, before any decision on
 * the wallet.
 */
export function settleNextDue(view: WalletView): Posting | undefined {
  const next = earliest(openLots(openDraft(view)), view)
  const thaw = earliestThaw(view, next?.due.at ?? Infinity)
  if (thaw) {
    const draft = openDraft(view, { at: thaw.until })
    thawPoints(draft, thaw)
    return closeDraft(draft, { type: 'thaw', reason: 'until', effectiveAt: thaw.until })
  }
  if (!next) return undefined
  const { move: what, at } = next.due
  const draft = openDraft(view, { at })
  for (const lot of next.lots) settleLot(draft, lot.seq, next.due)
  return closeDraft(draft, { type: what, reason: REASONS[what], effectiveAt: at })
}

const REASONS = { confirm: 'due', void: 'unclaimed', expire: 'expired', freeze: 'closed' } as const

function earliest(
  lots: readonly Lot[],
  { wallet, now }: WalletView,
): { due: Due; lots: Lot[] } | undefined {
  let found: { due: Due; lots: Lot[] } | undefined
  for (const lot of lots) {
    const due = dueOf(lot, wallet.lock?.usableUntil)
    if (!due || due.at > now) continue
    if (!found || due.at < found.due.at) found = { due, lots: [lot] }
    else if (due.at === found.due.at && due.move === found.due.move) found.lots.push(lot)
  }
  return found
}

/** The freeze that ends first, if it does before `before`; of several, the one that came first. */
function earliestThaw({ wallet, now }: WalletView, before: number) {
  let found: { ref: string; until: number; graceTo: number | null } | undefined
  for (const { ref, until, graceTo } of lockOf(wallet).freezes) {
    if (until === null || until > now || until >= (found?.until ?? before)) continue
    found = { ref, until, graceTo }
  }
  return found
}

function settleLot(draft: Draft, seq: number, due: Due): void {
  const lot = findLot(draft, seq)!
  if (due.move === 'confirm') {
    makeUsable(draft, { lot, from: 'pending', amount: lot.pending, at: due.at })
    return
  }
  if (due.move === 'freeze') {
    move(draft, { lot, from: 'available', to: 'frozen', amount: lot.available })
    return
  }
  const to = due.move === 'expire' ? 'expired' : 'voided:unclaimed'
  for (const from of ['claimable', 'available'] as const) {
    const amount = from === 'available' && due.move === 'void' ? 0 : lot[from]
    lot.lapsed += amount
    move(draft, { lot, from, to, amount })
  }
}
