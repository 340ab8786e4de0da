import type { Notice, NoticeQueue, NoticeRow } from '../notice/notice.js'
import type {
  LedgerRecord,
  LedgerTransaction,
  RecordId,
  TransactionLine,
} from '../posting/posting.js'
import type { Balance, Lot, Wallet } from '../wallet/wallet.js'
import type { Retelling } from './retelling.js'

/** One row of figures: what one batch moved, by account and labels. Folded together by a job. */
export interface FigureRow {
  /** Recorded at, epoch milliseconds. */
  readonly at: number
  readonly account: string
  /** Canonical JSON of the posting's labels, `{}` when none. */
  readonly labels: string
  /** Sum of the entries; whole points. */
  readonly amount: number
  readonly transactions: number
}

/** Rows of figures added up: over many wallets a sum may be more than a number holds. */
export interface FigureSum extends Omit<FigureRow, 'amount'> {
  readonly amount: bigint
}

/** Figures of whole days, or of anything that is not folded yet: recorded from `from` on and before
 * `until`, epoch milliseconds. */
export interface FigureSpan {
  readonly from: number
  readonly until: number
  /** Only accounts whose names begin so: `issued:`. Absent: all. */
  readonly under?: string
}

/** What moved in a span, by account and labels. */
export interface FigureTotal {
  readonly account: string
  readonly labels: Readonly<Record<string, string>>
  /** Sum of the entries; whole points, more perhaps than a number holds. */
  readonly amount: bigint
  /** Transactions that moved the account. */
  readonly transactions: number
}

/** All that one batch writes, in a handful of bulk statements. */
export interface BatchWrites {
  readonly wallets: readonly Wallet[]
  readonly lots: readonly { readonly wallet: number; readonly lot: Lot }[]
  readonly transactions: readonly LedgerTransaction[]
  readonly records: readonly LedgerRecord[]
  /** New values, not differences: they are locked. */
  readonly counters: readonly { readonly id: string; readonly value: number }[]
  readonly figures: readonly FigureRow[]
  /** Absent: none. */
  readonly notices?: readonly NoticeRow[]
}

/** What a batch can do inside its one transaction, in this order. */
export interface StoreSession {
  /** Locks and returns the wallets that exist, in ascending order of id. */
  lockWallets(ids: readonly number[]): Promise<readonly Wallet[]>
  findTransactionsByKey(keys: readonly string[]): Promise<readonly LedgerTransaction[]>
  findRecords(ids: readonly RecordId[]): Promise<readonly LedgerRecord[]>
  /** All records of a wallet. */
  findRecordsOf(wallet: number): Promise<readonly LedgerRecord[]>
  /** Open lots of each wallet, and besides them the named ones. */
  findLots(
    selection: readonly { readonly wallet: number; readonly seqs: readonly number[] }[],
  ): Promise<readonly { readonly wallet: number; readonly lot: Lot }[]>
  /** Makes missing ones at zero, then locks all in sorted order. */
  lockCounters(ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  write(writes: BatchWrites): Promise<void>
}

/** A verify or export reads everything as of one moment. */
export interface StoreSnapshot {
  /** In ascending order of id, `limit` at a time, after `afterId`. */
  wallets(afterId: number, limit: number): Promise<readonly Wallet[]>
  lotsOf(
    wallets: readonly number[],
  ): Promise<readonly { readonly wallet: number; readonly lot: Lot }[]>
  /** Of these wallets, ordered by (wallet, version), entries as stored in the entries table. */
  transactionsOf(wallets: readonly number[]): Promise<readonly LedgerTransaction[]>
  /** Sum of figures by account. */
  figureTotals(): Promise<ReadonlyMap<string, bigint>>
  /** As `LedgerBooks.findTotalsAt`: of what is folded, the running totals. */
  totalsAt(at: number): Promise<ReadonlyMap<string, bigint>>
  seals(): Promise<readonly Seal[]>
  sealedHeads(seal: number): Promise<readonly SealedHead[]>
  /** Of these wallets, under whatever seal, ordered by (wallet, version). */
  sealedHeadsOf(
    wallets: readonly number[],
  ): Promise<readonly (SealedHead & { readonly seal: number })[]>
}

/** Heads that moved since the seals before it, under one root (L8). */
export interface Seal {
  readonly id: number
  readonly sealedAt: number
  readonly root: string
  readonly previousRoot: string
}
export interface SealedHead {
  readonly wallet: number
  readonly version: number
  readonly head: string
}

/** Lots of a wallet with a `seq` below `before`; null: from the newest on. */
export interface LotPage {
  readonly wallet: number
  readonly before: number | null
}

/** A wallet at an instant, epoch milliseconds. */
export interface WalletMoment {
  readonly wallet: number
  readonly at: number
}

/** What anybody may do with the books: look. Points move by the ledger alone. */
export interface LedgerBooks {
  findWallets(ids: readonly number[]): Promise<readonly Wallet[]>
  /** (id, version) of the given wallets: what a watcher polls. */
  findVersions(ids: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** Wallets with something due at or before `now`, the longest due first. */
  findDueWallets(now: number, limit: number): Promise<readonly number[]>
  /** Wallets with something due at or before `until`, by when, `limit` at a time after one of them; with when. */
  findWalletsDueUntil(page: {
    readonly until: number
    readonly after: { readonly id: number; readonly dueAt: number } | null
    readonly limit: number
  }): Promise<readonly { readonly id: number; readonly dueAt: number }[]>
  findLots(
    wallets: readonly number[],
    options: { readonly open: boolean },
  ): Promise<readonly { readonly wallet: number; readonly lot: Lot }[]>
  /** At most `limit` lots of each page's wallet, the newest first, in one statement (A4). A wallet has
   * one page. */
  findLotPages(
    pages: readonly LotPage[],
    options: { readonly open: boolean; readonly limit: number },
  ): Promise<readonly { readonly wallet: number; readonly lot: Lot }[]>
  /** Of one wallet, ascending by version, with version > `after` (or descending, < `before`). */
  findTransactions(
    wallet: number,
    page:
      | { readonly after: number; readonly limit: number }
      | { readonly before: number | null; readonly limit: number },
  ): Promise<readonly LedgerTransaction[]>
  /** The newest `limit` transactions of each wallet, newest first, in one statement (A4): what a history
   * shows of them. */
  findNewestTransactions(
    wallets: readonly number[],
    limit: number,
  ): Promise<readonly TransactionLine[]>
  /** Those of the named transactions that there are, in one statement (A4). */
  findTransactionsAt(
    places: readonly { readonly wallet: number; readonly version: number }[],
  ): Promise<readonly LedgerTransaction[]>
  /** What each wallet held at its moment, in the order of the moments; undefined where there is no such
   * wallet (L7). As far as history is written: who wants what was due by then, too, settles the wallet
   * first. The number of statements goes by the logarithm of the longest history, not by how many
   * moments there are, up to 200 at a time (A4). */
  findBalancesAt(moments: readonly WalletMoment[]): Promise<readonly (Balance | undefined)[]>
  /** The sum of all entries recorded at or before `at`, epoch milliseconds, by account; accounts that
   * nothing had moved by then are left out (L7). One statement. */
  findTotalsAt(at: number): Promise<ReadonlyMap<string, bigint>>
  /** Figures added up, in the order of account and labels: what was recorded in a span, without a look
   * at the journal (W1). Past days are folded into their first instants, so a span begins and ends with
   * days of the programme. One statement. */
  sumFigures(span: FigureSpan): Promise<readonly FigureTotal[]>
  findTransactionByKey(key: string): Promise<LedgerTransaction | undefined>
  findRecord(id: RecordId): Promise<LedgerRecord | undefined>
  /** Those of the named records that there are, in one statement a kind (A4). */
  findRecords(ids: readonly RecordId[]): Promise<readonly LedgerRecord[]>
  findRecordsOf(
    wallet: number,
    kind: string,
    page: { readonly beforeRef: string | null; readonly limit: number },
  ): Promise<readonly LedgerRecord[]>
  /** The `limit` records of a kind with the highest refs of each wallet, these first, in one
   * statement (A4). */
  findNewestRecords(
    wallets: readonly number[],
    kind: string,
    limit: number,
  ): Promise<readonly LedgerRecord[]>
  /** Records of a kind that are due, the longest due first; `after`: behind this one in that order. */
  findDueRecords(
    kind: string,
    now: number,
    limit: number,
    after?: { readonly dueAt: number; readonly ref: string } | null,
  ): Promise<readonly LedgerRecord[]>
  /** Every one asked for, 0 if it was never written. */
  findCounters(ids: readonly string[]): Promise<ReadonlyMap<string, number>>

  /** Notices of these topics that may be handled at `now`, the longest due first: of a wallet and
   * topic in the order of its versions, and none behind one that was begun. */
  findDueNotices(
    topics: readonly string[],
    terms: { readonly now: number; readonly limit: number },
  ): Promise<readonly Notice[]>
  /** Notices that could not be handled so far, the oldest first. */
  findFailedNotices(limit: number): Promise<readonly Notice[]>

  snapshot<T>(work: (snapshot: StoreSnapshot) => Promise<T>): Promise<T>
  /** Folds figure rows recorded before `before` into one a (day, account, labels), `at` the first
   * instant of the day; answers with how many rows it folded. Idempotent. `startOfDay` gives the
   * first instant of the day of an instant, in the programme's own zone. What is folded cannot be
   * taken apart again: it must be the same one each time. */
  foldFigures(before: number, startOfDay: (at: number) => number): Promise<number>
}

/**
 * The port between the ledger and a database. `transaction` commits when `work` resolves and rolls
 * everything back when it rejects. A fault that a fresh transaction can mend (deadlock, lost
 * connection, a unique key that another server wrote first) rejects with `StoreConflict`.
 */
export interface LedgerStore extends LedgerBooks {
  readonly name: 'memory' | 'sqlite' | 'mysql'
  readonly notices: NoticeQueue
  /** Whether transactions commit side by side, or one waits for the other. */
  readonly writesSideBySide: boolean
  transaction<T>(work: (session: StoreSession) => Promise<T>): Promise<T>
  /** New wallets at version zero, in one transaction; ids that exist are left alone. */
  openWallets(ids: readonly number[], at: number): Promise<void>
  /** Tells everything that lies with a wallet in other words, all at once and under its lock (M8): history
   * keeps its hashes, and no points move. Answers with how many rows changed. */
  retell(wallet: number, retelling: Retelling): Promise<number>
  /** Writes seals over the heads that moved since the last one, so many heads at a time that writing
   * holds nobody up; answers with the last of them, undefined when nothing moved. */
  seal(
    at: number,
    rootOf: (previousRoot: string, heads: readonly SealedHead[]) => string,
  ): Promise<Seal | undefined>
}
