import { DeadlineExceeded, withDeadline } from '../deadline/with-deadline.js'
import { CountersNotLoaded, LotNotLoaded } from '../draft/draft.js'
import { settleNextDue } from '../draft/settle-next-due.js'
import type { NoticeRow, NoticesOf } from '../notice/notice.js'
import { noticeRows } from '../notice/notice-rows.js'
import { findDifference } from '../posting/json.js'
import type {
  Command,
  LabelsOf,
  LedgerRecord,
  LedgerTransaction,
  Merge,
  Posted,
  Posting,
  WalletView,
} from '../posting/posting.js'
import { recordKey } from '../posting/posting.js'
import { isRefusal, type Refusal, refuse } from '../refusal/refusal.js'
import type { BatchWrites, StoreSession } from '../store/ledger-store.js'
import { earliestDue } from '../wallet/due.js'
import type { Lot, Wallet } from '../wallet/wallet.js'
import { lockOf } from '../wallet/wallet-lock.js'
import { dueKey } from './assert-key.js'
import { assertSound } from './assert-sound.js'
import { FigureSheet } from './figure-sheet.js'
import { writeTransaction } from './write-transaction.js'

/** What is asked of a wallet: a command, or only that what is due is done (`settle`). */
export type Request =
  | {
      readonly command: Command
      /** Lots to load besides what the command needs; 0: the open ones. */
      readonly lots?: readonly number[]
      /** Counters to lock besides those the command needs. */
      readonly counters?: readonly string[]
    }
  | { readonly command?: undefined; readonly wallet: number }
  | { readonly command?: undefined; readonly merge: Merge }

/** `missing`: it asked for a lot that was not loaded, or counters; ask once more with those. */
export type Missing = { readonly lot: number } | { readonly counters: readonly string[] }

export type Answer =
  | { readonly posted: Posted }
  /** `into`: the wallet is merged into this one. */
  | { readonly refusal: Refusal; readonly into?: number }
  | { readonly settled: number }
  | { readonly fault: unknown; readonly missing?: Missing }

/** A wallet while a batch works on it. */
interface Working {
  wallet: Wallet
  readonly lots: Map<number, Lot>
  lotsLoaded: boolean
  readonly changedLots: Set<number>
  changed: boolean
}

export interface BatchOutcome {
  readonly answers: readonly Answer[]
  readonly transactions: readonly LedgerTransaction[]
  /** Whether notices were written, too. */
  readonly notices: boolean
}

export interface BatchTerms {
  /** Epoch milliseconds. */
  readonly now: number
  readonly decideMs: number
  readonly noticesOf?: NoticesOf | undefined
  readonly labelsOf?: LabelsOf | undefined
  /** What earlier attempts of this batch decided, whose commits were not answered. */
  readonly unsure?: readonly BatchOutcome[]
}

/**
 * One batch inside one store transaction: load and lock, decide each in memory in order, write all.
 * Pure but for the session; on a conflict the caller runs the whole again in a fresh transaction.
 */
export async function runBatch(
  session: StoreSession,
  requests: readonly Request[],
  { now, decideMs, noticesOf, labelsOf, unsure = [] }: BatchTerms,
): Promise<BatchOutcome> {
  const batch = await lockBatch(session, requests, { now, noticesOf, labelsOf })
  const committed = await findCommitted(session, unsure)
  if (committed) return committed
  await loadBatch(session, batch, requests)
  // From here to the write nothing waits: every decision sees exactly what the ones before it did.
  const answers = decideAll(batch, requests, decideMs)
  const writes = batch.writes()
  if (writes) await session.write(writes)
  return { answers, transactions: batch.transactions, notices: batch.notices.length > 0 }
}

/**
 * A commit whose answer was lost may have gone through, and then its outcome is this batch's. A batch
 * is there whole or not at all, so one of its transactions tells. Only to be asked under the locks:
 * they wait for a commit that is still on its way.
 */
async function findCommitted(
  session: StoreSession,
  unsure: readonly BatchOutcome[],
): Promise<BatchOutcome | undefined> {
  for (const outcome of unsure) {
    const [first] = outcome.transactions
    if (!first) continue
    const [found] = await session.findTransactionsByKey([first.key])
    if (found?.hash === first.hash) return outcome
  }
  return undefined
}

/** A decision did not come to an end in time. What the batch has decided so far is thrown away. */
export class DecisionHung extends Error {
  override readonly name = 'DecisionHung'
  constructor(
    /** Which of the batch's requests it was. */
    readonly place: number,
    cause: unknown,
  ) {
    super('A decision did not come to an end in time.', { cause })
  }
}

function decideAll(batch: Batch, requests: readonly Request[], decideMs: number): Answer[] {
  let place = 0
  const decideEach = () =>
    requests.map((request, at) => {
      place = at
      return answer(batch, request)
    })
  try {
    return withDeadline(decideEach, decideMs)
  } catch (fault) {
    throw fault instanceof DeadlineExceeded ? new DecisionHung(place, fault) : fault
  }
}

class Batch {
  readonly working = new Map<number, Working>()
  readonly byKey = new Map<string, LedgerTransaction>()
  readonly records = new Map<string, LedgerRecord>()
  readonly counters = new Map<string, number>()
  readonly transactions: LedgerTransaction[] = []
  readonly notices: NoticeRow[] = []
  private readonly changedRecords = new Map<string, LedgerRecord>()
  private readonly changedCounters = new Set<string>()
  private readonly figures = new FigureSheet()

  constructor(
    readonly now: number,
    private readonly noticesOf: NoticesOf | undefined,
    private readonly labelsOf: LabelsOf | undefined,
  ) {}

  view(working: Working): WalletView {
    return {
      wallet: working.wallet,
      lots: working.lots,
      lotsLoaded: working.lotsLoaded,
      records: this.records,
      counters: this.counters,
      now: Math.max(this.now, working.wallet.updatedAt),
    }
  }

  /** Takes over what a decision wants: from here on the batch's state has it. */
  accept(working: Working, posting: Posting, request: Pick<Command, 'key' | 'content'>) {
    const transaction = writeTransaction(working, posting, request, this.labelsOf)
    // First of all: a fault in here is the posting's, and leaves nothing of it behind.
    if (this.noticesOf) this.notices.push(...noticeRows(transaction, this.noticesOf))
    working.wallet = { ...posting.wallet, head: transaction.hash }
    working.changed = true
    for (const lot of posting.lots) {
      working.lots.set(lot.seq, lot)
      working.changedLots.add(lot.seq)
    }
    for (const record of posting.records) {
      this.records.set(recordKey(record), record)
      this.changedRecords.set(recordKey(record), record)
    }
    for (const [id, delta] of posting.counters) {
      this.counters.set(id, this.counters.get(id)! + delta)
      this.changedCounters.add(id)
    }
    this.byKey.set(request.key, transaction)
    this.transactions.push(transaction)
    this.figures.count(transaction)
    return transaction
  }

  writes(): BatchWrites | undefined {
    const wallets: Wallet[] = []
    const lots: { wallet: number; lot: Lot }[] = []
    for (const [id, working] of this.working) {
      if (!working.changed) continue
      wallets.push(working.wallet)
      for (const seq of working.changedLots) lots.push({ wallet: id, lot: working.lots.get(seq)! })
    }
    if (wallets.length === 0) return undefined
    return {
      wallets,
      lots,
      transactions: this.transactions,
      records: [...this.changedRecords.values()],
      counters: [...this.changedCounters].map((id) => ({ id, value: this.counters.get(id)! })),
      figures: this.figures.rows(),
      notices: this.notices,
    }
  }
}

async function lockBatch(
  session: StoreSession,
  requests: readonly Request[],
  { now, noticesOf, labelsOf }: Pick<BatchTerms, 'now' | 'noticesOf' | 'labelsOf'>,
): Promise<Batch> {
  const batch = new Batch(now, noticesOf, labelsOf)
  for (const wallet of await session.lockWallets(unique(requests.flatMap(walletsOf)))) {
    batch.working.set(wallet.id, {
      wallet,
      lots: new Map(),
      lotsLoaded: wallet.lastLot === 0,
      changedLots: new Set(),
      changed: false,
    })
  }
  return batch
}

async function loadBatch(
  session: StoreSession,
  batch: Batch,
  requests: readonly Request[],
): Promise<void> {
  const commands = requests.flatMap(({ command }) => (command ? [command] : []))
  const merges = requests.flatMap(mergeOf)
  await loadKeys(session, batch, [...commands.flatMap(waysOf), ...merges.flatMap(endsOf)])
  for (const { from } of merges.filter(({ key }) => !batch.byKey.has(inKey(key)))) {
    for (const record of await session.findRecordsOf(from)) {
      batch.records.set(recordKey(record), record)
    }
  }
  const recordIds = uniqueBy(
    withoutKnown(batch, commands).flatMap((c) => c.needs?.records ?? []),
    recordKey,
  )
  if (recordIds.length > 0) {
    for (const record of await session.findRecords(recordIds)) {
      batch.records.set(recordKey(record), record)
    }
    // Another wallet is not locked here, and a record of it may have come since the keys were read:
    // its transaction may be the one that a key of these commands names.
    const late = withoutKnown(batch, commands).filter(({ wallet, needs }) =>
      needs?.records?.some((id) => (batch.records.get(recordKey(id))?.wallet ?? wallet) !== wallet),
    )
    await loadKeys(session, batch, late)
  }
  await loadLots(session, batch, requests)
  const counterIds = unique(
    requests.flatMap((request) =>
      request.command && !batch.byKey.has(request.command.key)
        ? countersFor(request.command, batch.now, request.counters)
        : [],
    ),
  )
  if (counterIds.length > 0) {
    for (const [id, value] of await session.lockCounters(counterIds)) {
      batch.counters.set(id, value)
    }
  }
}

function withoutKnown(batch: Batch, commands: readonly Command[]): readonly Command[] {
  return commands.filter((command) => !waysOf(command).some(({ key }) => batch.byKey.has(key)))
}

async function loadKeys(
  session: StoreSession,
  batch: Batch,
  commands: readonly { readonly key: string }[],
): Promise<void> {
  const keys = unique(commands.map(({ key }) => key))
  if (keys.length === 0) return
  for (const tx of await session.findTransactionsByKey(keys)) batch.byKey.set(tx.key, tx)
}

function countersFor(
  { needs }: Command,
  now: number,
  missing: readonly string[] = [],
): readonly string[] {
  const counters = needs?.counters ?? []
  return [...(typeof counters === 'function' ? counters(now) : counters), ...missing]
}

/** Lots are read only for wallets whose commands need them, or that have something due. */
async function loadLots(
  session: StoreSession,
  batch: Batch,
  requests: readonly Request[],
): Promise<void> {
  const wanted = new Map<number, Set<number>>()
  const want = (wallet: number, seqs: readonly number[] = []) => {
    const working = batch.working.get(wallet)
    if (!working || working.wallet.lastLot === 0) return
    const set = wanted.get(wallet) ?? new Set()
    for (const seq of seqs) set.add(seq)
    wanted.set(wallet, set)
  }
  for (const { wallet } of batch.working.values()) {
    // By the wallet's own time, which a server with a faster clock may have set.
    const time = Math.max(batch.now, wallet.updatedAt)
    if (wallet.nextDueAt !== null && wallet.nextDueAt <= time) want(wallet.id)
  }
  for (const request of requests) {
    const { command } = request
    if (!command) {
      for (const wallet of walletsOf(request)) want(wallet)
      for (const { from } of mergeOf(request)) want(from, allLots(batch, from))
      continue
    }
    if (request.lots) {
      want(
        command.wallet,
        request.lots.filter((seq) => seq > 0),
      )
    }
    if (typeof command.needs?.lots === 'function') {
      want(command.wallet, command.needs.lots(batch.records))
    } else if (command.needs?.lots) want(command.wallet)
  }
  if (wanted.size === 0) return
  const selection = [...wanted].map(([wallet, seqs]) => ({ wallet, seqs: [...seqs] }))
  for (const { wallet } of selection) batch.working.get(wallet)!.lotsLoaded = true
  for (const { wallet, lot } of await session.findLots(selection)) {
    batch.working.get(wallet)!.lots.set(lot.seq, lot)
  }
}

function answer(batch: Batch, request: Request): Answer {
  try {
    const [merge] = mergeOf(request)
    if (merge) return decideMerge(batch, merge)
    const working = batch.working.get(walletsOf(request)[0]!)
    if (!request.command) return { settled: working ? settle(batch, working, true) : 0 }
    return decide(batch, working, request.command)
  } catch (fault) {
    if (fault instanceof MergeBroken) throw fault.cause
    if (fault instanceof LotNotLoaded) return { fault, missing: { lot: fault.seq } }
    if (fault instanceof CountersNotLoaded) return { fault, missing: { counters: fault.ids } }
    return { fault }
  }
}

function decide(batch: Batch, working: Working | undefined, command: Command): Answer {
  if (!working) return { refusal: refuse('WALLET_NOT_FOUND', { field: 'wallet' }) }
  const replayed = replay(batch, working, command)
  if (replayed) return replayed
  const { into, absorbed = [], ended } = lockOf(working.wallet)
  const refusal = refuse('WALLET_MERGED')
  if (into !== undefined) return { refusal, into }
  if (ended) return { refusal: refuse('WALLET_ENDED', { field: 'wallet' }) }
  const { formerly } = command
  if (formerly && absorbed.some((id) => !formerly.some(({ wallet }) => wallet === id))) {
    return { refusal }
  }
  settle(batch, working, false)
  const view = batch.view(working)
  const outcome = command.decide(view)
  if (isRefusal(outcome)) return { refusal: outcome }
  assertSound(view, outcome, command.needs)
  return { posted: { transaction: batch.accept(working, outcome, command), replayed: false } }
}

/** The same asked before, of this wallet or of one that it took up; undefined: it was not, or not here. */
function replay(
  { byKey }: Batch,
  { wallet: { id, lock } }: Working,
  command: Command,
): Answer | undefined {
  const own = new Set([id, ...(lock?.absorbed ?? [])])
  let first: LedgerTransaction | undefined
  for (const { key, content } of waysOf(command)) {
    const known = byKey.get(key)
    if (!known) continue
    first ??= known
    if (!own.has(known.wallet) || findDifference(known.content, content) !== undefined) continue
    return { posted: { transaction: known, replayed: true } }
  }
  // Where all of it went it is one's own.
  if (!first || (lock?.into !== undefined && !own.has(first.wallet))) return undefined
  return {
    refusal: refuse('IDEMPOTENCY_MISMATCH', {
      field: findFault(first, command),
      detail: `The key was used for other content at ${new Date(first.recordedAt).toISOString()}.`,
    }),
  }
}

/** What is asked otherwise than it first was: of all names of its owner that one counts by which it was asked then,
 * for a name alone is no difference. */
function findFault(first: LedgerTransaction, command: Command): string {
  const ways = waysOf(command)
  const names = new Set(ways.map(({ content }) => findDifference(command.content, content)))
  const faults = ways
    .filter(({ key }) => key === first.key)
    .map(({ content }) => findDifference(first.content, content))
  if (faults.includes(undefined)) return 'wallet'
  return faults.find((fault) => !names.has(fault)) ?? faults[0] ?? 'wallet'
}

/** How a command may have been asked before. */
function waysOf(command: Command): readonly Pick<Command, 'key' | 'content'>[] {
  const { formerly = [] } = command
  return formerly.length === 0 ? [command] : [command, ...formerly.flatMap(({ as }) => as ?? [])]
}

function mergeOf(request: Request): readonly Merge[] {
  return 'merge' in request ? [request.merge] : []
}

const outKey = (key: string) => `${key}:out`
const inKey = (key: string) => `${key}:in`

function endsOf({ key }: Merge): readonly { readonly key: string }[] {
  return [{ key: outKey(key) }, { key: inKey(key) }]
}

function allLots(batch: Batch, wallet: number): readonly number[] {
  const { lastLot = 0 } = batch.working.get(wallet)?.wallet ?? {}
  return Array.from({ length: lastLot }, (_, place) => place + 1)
}

/** Half of a merge was taken over when the other failed: nothing of the batch may be written. */
class MergeBroken extends Error {
  override readonly name = 'MergeBroken'
}

/** Both postings, or neither. */
function decideMerge(batch: Batch, { key, content, ...merge }: Merge): Answer {
  const from = batch.working.get(merge.from)
  const into = batch.working.get(merge.into)
  if (!from || !into) return { refusal: refuse('WALLET_NOT_FOUND', { field: 'wallet' }) }
  const known = batch.byKey.get(inKey(key))
  if (known) return { posted: { transaction: known, replayed: true } }
  const isOver = [from, into].some(({ wallet: { lock } }) => lockOf({ lock }).into !== undefined)
  if (isOver) return { refusal: refuse('WALLET_MERGED') }
  const isEnded = [from, into].some(({ wallet: { lock } }) => lockOf({ lock }).ended)
  if (isEnded) return { refusal: refuse('WALLET_ENDED', { field: 'wallet' }) }
  settle(batch, from, false)
  settle(batch, into, false)
  const views = { from: batch.view(from), into: batch.view(into) }
  // One moment for both: neither may lie before what the other did last.
  const now = Math.max(views.from.now, views.into.now)
  const both = { from: { ...views.from, now }, into: { ...views.into, now } }
  const postings = merge.decide(both)
  if (isRefusal(postings)) return { refusal: postings }
  assertSound(both.from, postings.out)
  assertSound(both.into, postings.in, {}, merge.from)
  batch.accept(from, postings.out, { key: outKey(key), content })
  try {
    const transaction = batch.accept(into, postings.in, { key: inKey(key), content })
    return { posted: { transaction, replayed: false } }
  } catch (fault) {
    throw new MergeBroken('half of a merge', { cause: fault })
  }
}

/** Does what is due; says how many transactions that took. `mend`: the time of the next due move
 * is only a lower bound after a posting that did not load the lots; put it right. */
function settle(batch: Batch, working: Working, mend: boolean): number {
  let settled = 0
  for (;;) {
    const { nextDueAt } = working.wallet
    const view = batch.view(working)
    if (nextDueAt === null || nextDueAt > view.now) return settled
    if (!working.lotsLoaded) throw new LotNotLoaded(0)
    const posting = settleNextDue(view)
    if (!posting) {
      if (mend) mendNextDue(working)
      return settled
    }
    assertSound(view, posting)
    const key = dueKey(working.wallet.id, posting.wallet.version)
    batch.accept(working, posting, { key, content: {} })
    settled++
  }
}

function mendNextDue(working: Working): void {
  const nextDueAt = earliestDue(working.lots.values(), working.wallet.lock)
  if (nextDueAt === working.wallet.nextDueAt) return
  working.wallet = { ...working.wallet, nextDueAt }
  working.changed = true
}

function walletsOf(request: Request): readonly number[] {
  if (request.command) return [request.command.wallet]
  return 'merge' in request ? [request.merge.from, request.merge.into] : [request.wallet]
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()]
}
