import type { JsonObject } from '../posting/json.js'
import type {
  LedgerRecord,
  Posting,
  RecordId,
  Step,
  TransactionType,
  WalletView,
} from '../posting/posting.js'
import { recordKey } from '../posting/posting.js'
import { earliestDue } from '../wallet/due.js'
import { isLotState, isOpen } from '../wallet/is-open.js'
import type { Balance, Entry, Lot } from '../wallet/wallet.js'
import { isClosed, lockOf, type WalletLock } from '../wallet/wallet-lock.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A lot while a decision works on it. */
export type DraftLot = Mutable<Lot>

/**
 * A transaction in the making: the decision's own copy of what it changes. Made by `openDraft`,
 * changed by the moves beside this file, ended by `closeDraft`. Nothing outside sees it before.
 */
export interface Draft {
  readonly view: WalletView
  readonly balance: Mutable<Balance>
  readonly changed: Map<number, DraftLot>
  readonly entries: Map<string, { account: string; lot: number | null; amount: number }>
  readonly records: Map<string, LedgerRecord>
  readonly counters: Map<string, number>
  memo: JsonObject
  lastLot: number
  lock: WalletLock
  /** When what is decided happens, epoch milliseconds: now, or when it was due. */
  readonly at: number
}

export function openDraft(view: WalletView, { at = view.now }: { at?: number } = {}): Draft {
  return {
    view,
    balance: { ...view.wallet.balance },
    changed: new Map(),
    entries: new Map(),
    records: new Map(),
    counters: new Map(),
    memo: view.wallet.memo,
    lastLot: view.wallet.lastLot,
    lock: lockOf(view.wallet),
    at,
  }
}

/** A decision asked for a lot that was not loaded. The ledger loads it and decides once more. */
export class LotNotLoaded extends Error {
  override readonly name = 'LotNotLoaded'
  constructor(readonly seq: number) {
    super(`lot ${seq} was not loaded: name it in the command's needs`)
  }
}

/** A decision turned out to need more counters than its command said. The ledger locks them and decides
 * once more: so it may look at few as a rule, and at all of them when those few do not do. */
export class CountersNotLoaded extends Error {
  override readonly name = 'CountersNotLoaded'
  constructor(readonly ids: readonly string[]) {
    super(`counter ${ids[0]} was not asked for in the command's needs`)
  }
}

/** Throws `CountersNotLoaded` where any of these is not there. */
export function needCounters(draft: Draft, ids: readonly string[]): void {
  if (ids.some((id) => !draft.view.counters.has(id))) throw new CountersNotLoaded(ids)
}

/** The lot as this draft has it, or undefined when the wallet never had it. */
export function findLot(draft: Draft, seq: number): DraftLot | undefined {
  const changed = draft.changed.get(seq)
  if (changed) return changed
  const lot = draft.view.lots.get(seq)
  if (!lot) {
    if (Number.isInteger(seq) && seq >= 1 && seq <= draft.lastLot) throw new LotNotLoaded(seq)
    return undefined
  }
  const copy = { ...lot }
  draft.changed.set(seq, copy)
  return copy
}

/** Every lot with points in it, as this draft has it, in the order of the wallet. */
export function openLots(draft: Draft): readonly Lot[] {
  if (!draft.view.lotsLoaded && draft.view.wallet.lastLot > 0) throw new LotNotLoaded(0)
  const lots: Lot[] = []
  for (const lot of draft.view.lots.values()) {
    const current = draft.changed.get(lot.seq) ?? lot
    if (isOpen(current)) lots.push(current)
  }
  for (const lot of draft.changed.values()) {
    if (!draft.view.lots.has(lot.seq) && isOpen(lot)) lots.push(lot)
  }
  // A store hands lots over in whatever order; which of them repays a debt must not hang on it.
  return lots.sort((a, b) => a.seq - b.seq)
}

/**
 * The one movement everything is made of: `amount` of a lot's points goes from one account to
 * another. Accounts are a lot state, `debt`, or a system account. Both entries carry the lot.
 */
export function move(
  draft: Draft,
  { lot, from, to, amount }: { lot: DraftLot; from: string; to: string; amount: number },
): void {
  if (amount === 0) return
  apply(draft, lot, from, -amount)
  apply(draft, lot, to, amount)
}

function apply(draft: Draft, lot: DraftLot, account: string, amount: number): void {
  if (isLotState(account)) {
    lot[account] += amount
    draft.balance[account] += amount
    if (lot[account] < 0) throw new RangeError(`lot ${lot.seq} has too few points ${account}`)
  } else if (account === 'debt') {
    draft.balance.debt -= amount
    if (draft.balance.debt < 0) throw new RangeError('more debt repaid than was owed')
  } else if (account.startsWith('voided:')) {
    lot.voided += amount
  }
  count(draft, { account, lot: lot.seq, amount })
}

function count(draft: Draft, { account, lot, amount }: Entry): void {
  const key = `${account}\u0000${lot}`
  const entry = draft.entries.get(key)
  if (entry) entry.amount += amount
  else draft.entries.set(key, { account, lot, amount })
}

/** Points that become usable repay what is owed first. In a wallet that is closed the rest is frozen. */
export function moveToAvailable(
  draft: Draft,
  { lot, from, amount }: { lot: DraftLot; from: string; amount: number },
): void {
  const repaid = repayDebt(draft, { lot, from, amount })
  const to = isClosed(draft.lock, draft.at) ? 'frozen' : 'available'
  move(draft, { lot, from, to, amount: amount - repaid })
}

/** Pays what the wallet owes with up to `amount` points; says how many that took. */
export function repayDebt(
  draft: Draft,
  { lot, from, amount }: { lot: DraftLot; from: string; amount: number },
): number {
  const repaid = Math.min(draft.balance.debt, amount)
  move(draft, { lot, from, to: 'debt', amount: repaid })
  return repaid
}

/** The wallet owes `amount` points more (below zero: fewer), which are of no lot. */
export function oweOutright(draft: Draft, { to, amount }: { to: string; amount: number }): void {
  if (amount === 0) return
  draft.balance.debt += amount
  count(draft, { account: 'debt', lot: null, amount: -amount })
  count(draft, { account: to, lot: null, amount })
}

/** Replaces the programme's state of the member. */
export function setMemo(draft: Draft, memo: JsonObject): void {
  draft.memo = memo
}

export function putRecord(
  draft: Draft,
  record: RecordId & { readonly body: JsonObject; readonly dueAt: number | null },
): void {
  draft.records.set(recordKey(record), { ...record, wallet: draft.view.wallet.id })
}

/** The record as this draft has it; records of other wallets are found too. */
export function findRecord(draft: Draft, id: RecordId): LedgerRecord | undefined {
  const key = recordKey(id)
  return draft.records.get(key) ?? draft.view.records.get(key)
}

/** Adds to a shared counter. Throws `CountersNotLoaded` where the command did not say that it needs it. */
export function addToCounter(draft: Draft, id: string, delta: number): void {
  needCounters(draft, [id])
  draft.counters.set(id, (draft.counters.get(id) ?? 0) + delta)
}

/** The shared counter as this draft has it. */
export function getCounter(draft: Draft, id: string): number {
  const value = draft.view.counters.get(id)
  if (value === undefined) throw new CountersNotLoaded([id])
  return value + (draft.counters.get(id) ?? 0)
}

export interface PostingTerms {
  readonly type: TransactionType
  readonly reason: string
  readonly explanation?: readonly Step[]
  readonly policyVersion?: number | null
  /** Epoch milliseconds; default now. */
  readonly effectiveAt?: number
  readonly corrects?: string | null
  readonly labels?: Readonly<Record<string, string>>
  readonly result?: Posting['result']
}

export function closeDraft(draft: Draft, terms: PostingTerms): Posting {
  const { view } = draft
  const entries: Entry[] = []
  for (const entry of draft.entries.values()) if (entry.amount !== 0) entries.push(entry)
  const lots = [...draft.changed.values()].filter((lot) => differs(lot, view.lots.get(lot.seq)))
  return {
    type: terms.type,
    reason: terms.reason,
    entries,
    wallet: {
      ...view.wallet,
      version: view.wallet.version + 1,
      balance: draft.balance,
      lastLot: draft.lastLot,
      nextDueAt: nextDue(draft),
      lock: lockAfter(draft),
      memo: draft.memo,
      updatedAt: view.now,
    },
    lots,
    records: [...draft.records.values()],
    counters: draft.counters,
    explanation: terms.explanation ?? [],
    policyVersion: terms.policyVersion ?? null,
    effectiveAt: terms.effectiveAt ?? view.now,
    corrects: terms.corrects ?? null,
    labels: terms.labels ?? {},
    result: terms.result ?? null,
  }
}

/** `findLot` copies a lot to be safe; only what really changed is written. */
function differs(lot: Lot, before: Lot | undefined): boolean {
  if (!before) return true
  return (Object.keys(lot) as (keyof Lot)[]).some((key) => lot[key] !== before[key])
}

/** The very same where nothing changed: only what did is told in history. */
function lockAfter({ lock, view: { wallet } }: Draft): WalletLock | null {
  if (lock === lockOf(wallet)) return wallet.lock
  const { usableUntil, freezes, into, absorbed, ended } = lock
  const isFree = into === undefined && absorbed === undefined && !ended
  if (usableUntil !== null || !isFree) return lock
  return freezes.length === 0 ? null : lock
}

/** Exact when all lots are loaded; else never later than the truth, which a settle mends. */
function nextDue(draft: Draft): number | null {
  if (draft.view.lotsLoaded) return earliestDue(openLots(draft), draft.lock)
  return earliestDue(draft.changed.values(), draft.lock, draft.view.wallet.nextDueAt)
}
