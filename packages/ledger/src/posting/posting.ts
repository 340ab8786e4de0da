import type { Refusal } from '../refusal/refusal.js'
import type { Balance, Entry, Lot, Wallet } from '../wallet/wallet.js'
import type { WalletLock } from '../wallet/wallet-lock.js'
import type { Json, JsonObject } from './json.js'

/** One step of an explanation (L9): what it was, the points it gave or took, and its figures. */
export interface Step {
  /** A stable word a storefront can translate: `base`, `tier`, `birthday`, `cap`, `rounding` … */
  readonly step: string
  /** Points after less points before; a decimal string where the step works on fractions. */
  readonly points: number | string
  readonly figures?: JsonObject
}

export const TRANSACTION_TYPES = [
  'grant',
  'confirm',
  'claim',
  'void',
  'expire',
  'hold',
  'capture',
  'release',
  'refund',
  'clawback',
  'freeze',
  'thaw',
  'adjust',
  'extend',
  'transfer',
  'merge',
  'opening',
  'note',
] as const
export type TransactionType = (typeof TRANSACTION_TYPES)[number]

/** A small document that belongs to a wallet: an order, a redemption. Read and written under the
 * wallet's lock; (kind, ref) is unique in the programme. */
export interface RecordId {
  readonly kind: string
  readonly ref: string
}
export interface LedgerRecord extends RecordId {
  readonly wallet: number
  readonly body: JsonObject
  /** When a job should look at it; null: never. Epoch milliseconds. */
  readonly dueAt: number | null
}

/** What a decision sees: the member's wallet, and what the command said it needs. */
export interface WalletView {
  readonly wallet: Wallet
  /** Open lots and those the command asked for, by `seq`. */
  readonly lots: ReadonlyMap<number, Lot>
  /** Whether `lots` has every open lot; only then may a decision pick among them. */
  readonly lotsLoaded: boolean
  /** By `recordKey(id)`; absent when there is no such record. It may belong to another wallet. */
  readonly records: ReadonlyMap<string, LedgerRecord>
  /** Shared counters (stock, budgets), locked; every one asked for is there, 0 if never written. */
  readonly counters: ReadonlyMap<string, number>
  /** Now, epoch milliseconds. Never before the wallet's last transaction. */
  readonly now: number
}

export function recordKey({ kind, ref }: RecordId): string {
  return `${kind}\u0000${ref}`
}

/** What a decision wants written; made with `openDraft`, the moves, and `closeDraft`. */
export interface Posting {
  readonly refused?: undefined
  readonly type: TransactionType
  /** What it was for, a stable word with a name: `purchase`, `check-in`, `offer:50-off-200`. */
  readonly reason: string
  readonly entries: readonly Entry[]
  readonly wallet: Wallet
  /** Lots that are new or changed. */
  readonly lots: readonly Lot[]
  readonly records: readonly LedgerRecord[]
  /** What to add to shared counters. */
  readonly counters: ReadonlyMap<string, number>
  readonly explanation: readonly Step[]
  readonly policyVersion: number | null
  /** When it happened, epoch milliseconds; when it was recorded is the ledger's business. */
  readonly effectiveAt: number
  /** The transaction this one mends, as its id. */
  readonly corrects: string | null
  /** What figures are counted by, beside the account: a tier, a campaign, an experiment's variant. */
  readonly labels: Readonly<Record<string, string>>
  /** What the caller gets, now and at every replay. */
  readonly result: Json
}

/** What every transaction of a wallet is counted by besides its own labels, at an instant in epoch
 * milliseconds. The wallet is as the decision saw it. Pure and quick: asked under the wallet's lock. */
export type LabelsOf = (
  wallet: Pick<Wallet, 'id' | 'memo'>,
  at: number,
) => Readonly<Record<string, string>>

/** Something to post. `decide` is pure and may run more than once. */
export interface Command {
  readonly wallet: number
  /** Idempotency key, unique in the programme; 1 to 200 characters. */
  readonly key: string
  /** What the caller asked for; compared field by field when the key comes again. */
  readonly content: JsonObject
  /** Present where it was made from what is known of a member: how the very same would have been asked
   * before other wallets were merged into this one, once for each of them. A replay goes by any of these;
   * a wallet that took up others which are not among them was merged meanwhile, and the command is
   * refused. Absent: it goes on with something that began before, and follows it to where it is now. */
  readonly formerly?: readonly FormerRequest[]
  readonly needs?: {
    /** Open lots, and besides them the lots a record names (a refund goes to exhausted lots too). */
    readonly lots?: boolean | ((records: ReadonlyMap<string, LedgerRecord>) => readonly number[])
    /** Everything it reads or writes, also what it writes for the first time. */
    readonly records?: readonly RecordId[]
    /** What it reads or adds to; may go by when it is decided, epoch milliseconds. What turns out to
     * be needed besides, `needCounters` asks for. */
    readonly counters?: readonly string[] | ((now: number) => readonly string[])
  }
  decide(view: WalletView): Posting | Refusal
}

/** A command as it would have been asked of a wallet that was merged into another since. */
export interface FormerRequest {
  readonly wallet: number
  /** Absent: it cannot have been asked there. */
  readonly as?: { readonly key: string; readonly content: JsonObject }
}

/** All of a wallet goes to another, in one transaction of the store. `decide` is pure, and may run more
 * than once; both wallets are as after what was due. */
export interface Merge {
  readonly from: number
  readonly into: number
  /** The two postings have the keys `KEY:out` and `KEY:in`. */
  readonly key: string
  readonly content: JsonObject
  /** `from` has all of its lots, `into` those that are open; both have all records of `from`. */
  decide(views: { readonly from: WalletView; readonly into: WalletView }): MergePostings | Refusal
}

export interface MergePostings {
  readonly refused?: undefined
  readonly out: Posting
  readonly in: Posting
}

/** One immutable line of a wallet's history. */
export interface LedgerTransaction {
  /** `wallet-version`, opaque outside. */
  readonly id: string
  readonly wallet: number
  readonly version: number
  readonly type: TransactionType
  readonly reason: string
  readonly key: string
  readonly content: JsonObject
  readonly entries: readonly Entry[]
  /** Lots that it opened or gave other terms, as it left them. */
  readonly termed: readonly Lot[]
  readonly before: Balance
  readonly balance: Balance
  /** The wallet's lock as it left it; absent where it left it alone. */
  readonly lock?: WalletLock | null
  readonly explanation: readonly Step[]
  readonly policyVersion: number | null
  readonly labels: Readonly<Record<string, string>>
  readonly corrects: string | null
  readonly recordedAt: number
  readonly effectiveAt: number
  readonly result: Json
  readonly previousHash: string
  /** Makes the digest of what is told about it impossible to guess; absent once it was told otherwise, and
   * in history from before there were any. */
  readonly salt?: string
  /** The digest of what was told at first, where it is told otherwise now (M8). */
  readonly erased?: string
  readonly hash: string
}

/** What a history shows of a transaction: all but how it lies in the books. */
export type TransactionLine = Pick<
  LedgerTransaction,
  | 'id'
  | 'wallet'
  | 'version'
  | 'type'
  | 'reason'
  | 'before'
  | 'balance'
  | 'explanation'
  | 'policyVersion'
  | 'labels'
  | 'corrects'
  | 'recordedAt'
  | 'effectiveAt'
>

export interface Posted {
  readonly refused?: undefined
  readonly transaction: LedgerTransaction
  /** True when the key had been posted before: nothing was written this time. */
  readonly replayed: boolean
}
