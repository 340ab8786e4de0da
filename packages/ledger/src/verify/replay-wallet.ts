import { GENESIS, hashTransaction, UNVOUCHED } from '../chain/hash-transaction.js'
import type { LedgerTransaction } from '../posting/posting.js'
import { earliestDue } from '../wallet/due.js'
import { isLotState } from '../wallet/is-open.js'
import { LAPSES } from '../wallet/lapses.js'
import { LOT_TERMS } from '../wallet/lot-terms.js'
import { type Balance, LOT_STATES, type Lot, type LotState, type Wallet } from '../wallet/wallet.js'
import { lockOf, namedIn, type WalletLock } from '../wallet/wallet-lock.js'
import { differ } from './ledger-differs.js'

const BALANCES = [...LOT_STATES, 'debt'] as const

/** A lot as the journal alone makes it. */
interface Replayed {
  readonly states: Record<LotState, number>
  terms: Lot
  lapsed: number
  voided: number
}

/**
 * Builds a wallet from its journal alone and holds the stored wallet, its lots, hashes and sealed
 * heads against it. Throws `LedgerDiffers` at the first difference.
 */
export function replayWallet({
  wallet,
  lots,
  journal,
  sealed,
}: {
  wallet: Wallet
  lots: readonly Lot[]
  journal: readonly LedgerTransaction[]
  sealed: readonly { readonly version: number; readonly head: string; readonly seal: number }[]
}): void {
  const seals = new Map(sealed.map((head) => [head.version, head]))
  const replayed = new Map<number, Replayed>()
  let balance: Record<keyof Balance, number> = zero()
  let head = GENESIS
  let version = 0
  let lock: WalletLock | null = null
  // History from before there were digests comes first: nothing after it can be without one.
  let isVouched = false
  for (const tx of journal) {
    const where = `wallet ${wallet.id}, version ${tx.version}`
    version++
    if (tx.version !== version) differ(where, 'version', version, tx.version)
    if (tx.previousHash !== head) differ(where, 'previous hash', head, tx.previousHash)
    if (tx.erased === UNVOUCHED && isVouched) differ(where, 'digest', 'there', null)
    isVouched ||= tx.salt !== undefined || (tx.erased ?? UNVOUCHED) !== UNVOUCHED
    head = tx.erased === UNVOUCHED ? tx.hash : hashTransaction(tx)
    if (tx.hash !== head) differ(where, 'hash', head, tx.hash)
    const seal = seals.get(version)
    if (seal && seal.head !== head) differ(`seal ${seal.seal}, ${where}`, 'head', head, seal.head)
    seals.delete(version)
    compareBalance(`${where}, before`, balance, tx.before)
    balance = replayEntries(tx, replayed, balance, where)
    compareBalance(`${where}, after`, balance, tx.balance)
    if (tx.lock !== undefined) lock = tx.lock
  }
  const [lost] = seals.values()
  if (lost)
    differ(`wallet ${wallet.id}, version ${lost.version}`, 'sealed transaction', lost.head, null)
  const updatedAt = journal.at(-1)?.recordedAt ?? wallet.updatedAt
  compareWallet({ wallet, version, head, balance, updatedAt, lastLot: replayed.size })
  compareLock(wallet, lock)
  compareLots(wallet.id, replayed, lots)
  compareFrozen(wallet, replayed)
  compareNextDue(wallet, lots)
}

function replayEntries(
  tx: LedgerTransaction,
  lots: Map<number, Replayed>,
  before: Readonly<Record<keyof Balance, number>>,
  where: string,
): Record<keyof Balance, number> {
  for (const terms of tx.termed) {
    const known = lots.get(terms.seq)
    if (known) known.terms = terms
    else {
      if (terms.seq !== lots.size + 1)
        differ(where, 'number of a new lot', lots.size + 1, terms.seq)
      lots.set(terms.seq, { states: zero(), terms, ...endedBefore(tx, terms) })
    }
  }
  const balance = { ...before }
  const sums = new Map<number | null, number>()
  for (const { account, lot: seq, amount } of tx.entries) {
    sums.set(seq, (sums.get(seq) ?? 0) + amount)
    if (account === 'debt') balance.debt -= amount
    const lot = seq === null ? undefined : lots.get(seq)
    if (seq !== null && !lot) differ(where, `lot ${seq}`, 'opened before', 'unknown')
    if (lot && LAPSES.has(account)) lot.lapsed += amount
    if (lot && account.startsWith('voided:')) lot.voided += amount
    if (!isLotState(account)) continue
    balance[account] += amount
    if (!lot) differ(where, `lot of ${account}`, 'a lot', null)
    lot!.states[account] += amount
  }
  for (const [seq, sum] of sums) {
    if (sum !== 0)
      differ(where, `sum of the entries${seq === null ? '' : ` of lot ${seq}`}`, 0, sum)
  }
  return balance
}

/** A lot that came from another wallet, or another system, brings along what of it had ended there. */
function endedBefore(tx: LedgerTransaction, { seq, lapsed, voided }: Lot) {
  if (tx.type !== 'merge' && tx.type !== 'opening') return { lapsed: 0, voided: 0 }
  const here = { lapsed, voided }
  for (const { account, lot, amount } of tx.entries) {
    if (lot !== seq) continue
    if (LAPSES.has(account)) here.lapsed -= amount
    if (account.startsWith('voided:')) here.voided -= amount
  }
  return here
}

function compareWallet({
  wallet,
  ...expected
}: {
  wallet: Wallet
  version: number
  head: string
  balance: Readonly<Record<keyof Balance, number>>
  lastLot: number
  updatedAt: number
}): void {
  const where = `wallet ${wallet.id}`
  for (const what of ['version', 'head', 'lastLot', 'updatedAt'] as const) {
    if (wallet[what] !== expected[what]) differ(where, what, expected[what], wallet[what])
  }
  compareBalance(where, expected.balance, wallet.balance)
}

/** A lock that somebody took off would let points be used that are frozen. */
function compareLock({ id, lock }: Wallet, expected: WalletLock | null): void {
  const [told, found] = [JSON.stringify(expected), JSON.stringify(lock)]
  if (told !== found) differ(`wallet ${id}`, 'lock', told, found)
}

/** What is frozen by name is there. */
function compareFrozen({ id, lock }: Wallet, replayed: ReadonlyMap<number, Replayed>): void {
  for (const [seq, { states }] of replayed) {
    const named = namedIn(lockOf({ lock }), seq)
    if (named > states.frozen) {
      differ(`wallet ${id}, lot ${seq}`, 'frozen by name', named, states.frozen)
    }
  }
}

/** It may be too early, which costs a look; too late, and points could be spent that are gone. */
function compareNextDue({ id, nextDueAt, lock }: Wallet, lots: readonly Lot[]): void {
  const dueAt = earliestDue(lots, lock)
  if (dueAt !== null && (nextDueAt === null || nextDueAt > dueAt)) {
    differ(`wallet ${id}`, 'nextDueAt', dueAt, nextDueAt)
  }
}

function compareBalance(
  where: string,
  expected: Readonly<Record<keyof Balance, number>>,
  found: Balance,
): void {
  for (const what of BALANCES) {
    if (expected[what] !== found[what]) differ(where, what, expected[what], found[what])
  }
}

function compareLots(
  wallet: number,
  replayed: ReadonlyMap<number, Replayed>,
  lots: readonly Lot[],
): void {
  const stored = new Map(lots.map((lot) => [lot.seq, lot]))
  for (const [seq, expected] of replayed) {
    const where = `wallet ${wallet}, lot ${seq}`
    const found = stored.get(seq)
    if (!found) differ(where, 'lot', 'there', 'missing')
    stored.delete(seq)
    compareLot(where, expected, found!)
  }
  const [extra] = stored.keys()
  if (extra !== undefined) differ(`wallet ${wallet}, lot ${extra}`, 'lot', 'missing', 'there')
}

function compareLot(where: string, expected: Replayed, found: Lot): void {
  for (const state of LOT_STATES) {
    if (expected.states[state] !== found[state]) {
      differ(where, state, expected.states[state], found[state])
    }
  }
  for (const end of ['lapsed', 'voided'] as const) {
    if (expected[end] !== found[end]) differ(where, end, expected[end], found[end])
  }
  for (const term of LOT_TERMS) {
    if (expected.terms[term] !== found[term]) differ(where, term, expected.terms[term], found[term])
  }
}

function zero(): Record<keyof Balance, number> {
  return { available: 0, pending: 0, claimable: 0, held: 0, frozen: 0, debt: 0 }
}
