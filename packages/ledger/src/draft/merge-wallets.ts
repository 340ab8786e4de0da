import type { WalletView } from '../posting/posting.js'
import type { LedgerRefusalCode } from '../refusal/ledger-refusals.js'
import { isRefusal, type Refusal } from '../refusal/refusal.js'
import { LOT_STATES } from '../wallet/wallet.js'
import { isClosed, lockOf, type WalletLock } from '../wallet/wallet-lock.js'
import { checkRoom } from './check-amount.js'
import { type Draft, findLot, move, openDraft, oweOutright } from './draft.js'
import { setUsableUntil } from './set-usable-until.js'
import { takeAvailable } from './take-available.js'

/** Where points are between two wallets that become one: nothing stays here. */
const ON_THE_WAY = 'merged'

export interface WalletsMerged {
  readonly refused?: undefined
  readonly out: Draft
  readonly in: Draft
  /** What a lot of the one is called in the other. */
  readonly lotNow: (seq: number) => number
}

/**
 * All of a wallet goes to another (M8): every lot with its state, terms and age, also those that have
 * ended, for a return or a refund may come back to them; what is owed; and what locks points. A lot's
 * number goes up by as many as there were in the other. What is usable afterwards pays what is owed. A
 * wallet can be used as long as the longer of the two; where only one of them had been closed it is
 * thawed, and what ran out in it meanwhile ends at `graceTo` (null: is lost), as with `setUsableUntil`.
 * Needs all lots of `from` and the open ones of `into`. Refuses BALANCE_TOO_LARGE.
 */
export function mergeWallets(
  { from, into }: { from: WalletView; into: WalletView },
  { graceTo }: { graceTo: number | null },
): WalletsMerged | Refusal<LedgerRefusalCode> {
  const out = openDraft(from)
  const inward = openDraft(into)
  const base = into.wallet.lastLot
  const full = checkRoom(
    inward,
    LOT_STATES.reduce((sum, it) => sum + from.wallet.balance[it], 0),
  )
  if (isRefusal(full)) return full
  for (let seq = 1; seq <= from.wallet.lastLot; seq++) moveLot({ out, inward }, seq, base + seq)
  const { debt } = from.wallet.balance
  if (debt > 0 && from.wallet.lastLot === 0) {
    // A debt that was brought along, and nothing else.
    oweOutright(out, { to: ON_THE_WAY, amount: -debt })
    oweOutright(inward, { to: ON_THE_WAY, amount: debt })
  } else if (debt > 0) {
    move(out, { lot: findLot(out, 1)!, from: ON_THE_WAY, to: 'debt', amount: debt })
    const lot = findLot(inward, base + 1)!
    move(inward, { lot, from: 'debt', to: ON_THE_WAY, amount: debt })
  }
  out.lock = { usableUntil: null, freezes: [], into: into.wallet.id }
  joinLocks(inward, { from, graceTo, base })
  const { available, debt: owed } = inward.balance
  if (available > 0 && owed > 0) {
    takeAvailable(inward, { points: Math.min(available, owed), to: 'debt' })
  }
  return { out, in: inward, lotNow: (seq) => base + seq }
}

function moveLot(
  { out, inward }: { out: Draft; inward: Draft },
  seq: number,
  seqNow: number,
): void {
  const lot = findLot(out, seq)!
  const now = {
    ...lot,
    seq: seqNow,
    available: 0,
    pending: 0,
    claimable: 0,
    held: 0,
    frozen: 0,
  }
  inward.lastLot = seqNow
  inward.changed.set(seqNow, now)
  for (const state of LOT_STATES) {
    const amount = lot[state]
    move(out, { lot, from: state, to: ON_THE_WAY, amount })
    move(inward, { lot: now, from: ON_THE_WAY, to: state, amount })
  }
}

function joinLocks(
  inward: Draft,
  { from, graceTo, base }: { from: WalletView; graceTo: number | null; base: number },
): void {
  const own = inward.lock
  const other = lockOf(from.wallet)
  const shifted = other.freezes.map((freeze) => ({
    ...freeze,
    taken: freeze.taken.map(([lot, points]) => [lot + base, points] as const),
  }))
  const both: WalletLock = {
    usableUntil: own.usableUntil,
    freezes: [...own.freezes, ...shifted],
    absorbed: [...(own.absorbed ?? []), ...(other.absorbed ?? []), from.wallet.id],
  }
  const usableUntil = later(own.usableUntil, other.usableUntil)
  const { at } = inward
  if (isClosed(own, at) === isClosed(other, at)) {
    inward.lock = { ...both, usableUntil }
    return
  }
  // Closed, as one of them was, and then thawed as a whole.
  inward.lock = { ...both, usableUntil: isClosed(own, at) ? own.usableUntil : other.usableUntil }
  setUsableUntil(inward, { usableUntil, graceTo })
}

/** Null: never ends. */
function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other)
}
