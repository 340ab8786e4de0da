import { sealRoot } from '../chain/seal-root.js'
import type { NoticeQueue, NoticesOf } from '../notice/notice.js'
import type { Command, LabelsOf, LedgerTransaction, Merge, Posted } from '../posting/posting.js'
import { type Refusal, refuse } from '../refusal/refusal.js'
import type { LedgerBooks, LedgerStore } from '../store/ledger-store.js'
import type { Retelling } from '../store/retelling.js'
import { assertKey } from './assert-key.js'
import { Lane } from './lane.js'
import { previewCommand } from './preview-command.js'
import type { Answer } from './run-batch.js'
import { SetAside } from './set-aside.js'

export interface LedgerOptions {
  readonly store: LedgerStore
  /** Epoch milliseconds. */
  readonly clock?: () => number
  /** Batches side by side; default 4, and 1 where the store has one writer. A database with fewer
   * connections for bulk writes lets that many commit at a time. */
  readonly lanes?: number
  /** Most postings that share one commit; default 256. */
  readonly batchSize?: number
  /** Most postings that may wait; more are turned away with `LedgerOverloaded`. Default 20,000. */
  readonly queueLimit?: number
  /** Most attempts of one batch that meets conflicts; default 8. */
  readonly attempts?: number
  /** Longest that the decisions of one batch may take together, milliseconds; default 2,000. One that
   * hangs is broken off, and rejects its own request with `DecisionHung`. */
  readonly decideMs?: number
  /** Waits before attempt n of a batch; default a growing random pause of up to 200 ms. */
  readonly pause?: (attempt: number) => Promise<void>
  /** What shall be done about a transaction once it is committed: written with it, also with what was
   * due, and handed over by `Ledger.notices`. A fault in here is the fault of that posting. */
  readonly notices?: NoticesOf | undefined
}

/** Told after each commit, in the order of the commits of a lane. Must not throw. */
export type PostedListener = (transactions: readonly LedgerTransaction[]) => void

/** What one turn of the sweep did. */
export interface Swept {
  /** How many it looked at: fewer than its limit means that nothing due is left. */
  readonly wallets: number
  readonly transactions: number
  /** Those that could not be settled, with the reason: they are passed over for a minute. */
  readonly failed: readonly { readonly wallet: number; readonly fault: unknown }[]
}

/** The one door through which points move. */
export interface Ledger {
  readonly store: LedgerBooks
  readonly clock: () => number
  /** What waits to be done about transactions. */
  readonly notices: NoticeQueue
  /** Answers when the posting is durable, or refuses. A fault rejects, and nothing was written; but after
   * a `StoreConflict` nobody knows, because an attempt before may have been lost in its commit
   * (`CommitUnknown`). Whoever posts the same with the same key is told what came of it. */
  post(command: Command): Promise<Posted | Refusal>
  /** All of a wallet goes to another; answers with the posting of the other. Whoever asks this of a
   * wallet that was merged before, or into one that was, is refused WALLET_MERGED. */
  merge(merge: Merge): Promise<Posted | Refusal>
  /** What `post` would answer now, without writing and without locking anything; the transaction in it
   * is as it would be, but for its salt and hash. */
  preview(command: Command): Promise<Posted | Refusal>
  /** Does what is due in these wallets now; answers with the number of transactions it took. */
  settle(wallets: readonly number[]): Promise<number>
  /** Does what is due in all wallets, the longest due first, `limit` wallets at most. */
  sweep(limit: number): Promise<Swept>
  /** Wallets at version zero; those that exist are left alone. */
  openWallets(ids: readonly number[]): Promise<void>
  /** Tells everything that lies with a wallet in other words (M8): see `Retelling`. The chain of hashes stays
   * as it is. Answers with how many rows changed. */
  retell(wallet: number, retelling: Retelling): Promise<number>
  /** Seals the heads that moved since the last seal under one root (L8). */
  seal(): Promise<void>
  onPosted(listener: PostedListener): () => void
  /** Told after each commit of this server that wrote notices. Must not throw. */
  onNotices(listener: () => void): () => void
  /** From now on every transaction carries these labels besides its own, also what is due by itself. A label
   * of the posting's own goes before. */
  labelBy(labelsOf: LabelsOf): void
  /** Postings that wait for a batch now. */
  waiting(): number
  /** Takes nothing new and resolves when what was accepted is answered. */
  close(): Promise<void>
}

/** More postings wait than the ledger lets in; try again later. */
export class LedgerOverloaded extends Error {
  override readonly name = 'LedgerOverloaded'
}

/** The ledger is shutting down. */
export class LedgerClosed extends Error {
  override readonly name = 'LedgerClosed'
}

export function openLedger(options: LedgerOptions): Ledger {
  const { store, clock = Date.now, queueLimit = 20_000, decideMs = 2_000 } = options
  const listeners = new Set<PostedListener>()
  const noticeListeners = new Set<() => void>()
  let labels: LabelsOf = () => ({})
  const labelsOf: LabelsOf = (wallet, at) => labels(wallet, at)
  const lanes = Array.from(
    { length: options.lanes ?? (store.writesSideBySide ? 4 : 1) },
    () =>
      new Lane({
        store,
        clock,
        batchSize: options.batchSize ?? 256,
        attempts: options.attempts ?? 8,
        decideMs,
        pause: options.pause ?? pauseBefore,
        noticesOf: options.notices,
        labelsOf,
        onCommitted({ transactions, notices }) {
          tell(listeners, transactions)
          if (notices) tell(noticeListeners, undefined)
        },
      }),
  )
  const unsettled = new SetAside<number>()
  let closed = false
  const laneOf = (wallet: number): Lane => {
    if (closed) throw new LedgerClosed('the ledger is shutting down')
    return lanes[Math.abs(Math.trunc(wallet)) % lanes.length]!
  }
  const waiting = () => lanes.reduce((sum, lane) => sum + lane.length, 0)

  const post = async (command: Command): Promise<Posted | Refusal> => {
    assertKey(command.key)
    if (!Number.isSafeInteger(command.wallet)) {
      return refuse('WALLET_NOT_FOUND', { field: 'wallet' })
    }
    const lane = laneOf(command.wallet)
    if (waiting() >= queueLimit) throw new LedgerOverloaded(`${queueLimit} postings wait already`)
    const answer = await lane.ask({ command })
    if ('refusal' in answer && answer.into !== undefined && !command.formerly) {
      return post({ ...command, wallet: answer.into })
    }
    return postedIn(answer)
  }

  const merge = async (asked: Merge): Promise<Posted | Refusal> => {
    for (const end of ['out', 'in']) assertKey(`${asked.key}:${end}`)
    if (asked.from === asked.into) throw new RangeError('a wallet is not merged with itself')
    return postedIn(await laneOf(asked.into).ask({ merge: asked }))
  }

  const settle = async (wallets: readonly number[]): Promise<number> => {
    const answers = await Promise.all(wallets.map((wallet) => laneOf(wallet).ask({ wallet })))
    return answers.reduce((sum, answer) => sum + ('settled' in answer ? answer.settled : 0), 0)
  }

  return {
    store,
    clock,
    notices: store.notices,
    post,
    merge,
    preview: (command) => previewCommand(store, command, { now: clock(), decideMs, labelsOf }),
    settle,
    async sweep(limit) {
      const now = clock()
      const due = await store.findDueWallets(now, limit + unsettled.count(now))
      const wallets = unsettled.rest(due, now).slice(0, limit)
      const settled = await Promise.allSettled(wallets.map((wallet) => settle([wallet])))
      const failed: { wallet: number; fault: unknown }[] = []
      let transactions = 0
      for (const [place, answer] of settled.entries()) {
        const wallet = wallets[place]!
        if (answer.status === 'fulfilled') transactions += answer.value
        else {
          unsettled.add(wallet, now)
          failed.push({ wallet, fault: answer.reason })
        }
      }
      return { wallets: wallets.length, transactions, failed }
    },
    openWallets: (ids) => store.openWallets(ids, clock()),
    retell: (wallet, retelling) => store.retell(wallet, retelling),
    async seal() {
      await store.seal(clock(), sealRoot)
    },
    onPosted(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onNotices(listener) {
      noticeListeners.add(listener)
      return () => noticeListeners.delete(listener)
    },
    labelBy(given) {
      labels = given
    },
    waiting,
    async close() {
      closed = true
      await Promise.all(lanes.map((lane) => lane.drained()))
    },
  }
}

function postedIn(answer: Answer): Posted | Refusal {
  if ('posted' in answer) return answer.posted
  if ('refusal' in answer) return answer.refusal
  throw new Error('a command was answered as something else')
}

/** A listener's fault is its own: the postings are committed, and the others are told. */
function tell<News>(listeners: ReadonlySet<(news: News) => void>, news: News): void {
  for (const listener of listeners) {
    try {
      listener(news)
    } catch (fault) {
      process.emitWarning(fault instanceof Error ? fault : String(fault))
    }
  }
}

function pauseBefore(attempt: number): Promise<void> {
  const mostMs = Math.min(200, 5 * 2 ** attempt)
  return new Promise((resolve) => setTimeout(resolve, Math.random() * mostMs))
}
