import type { JsonObject } from '../posting/json.js'
import type { WalletLock } from './wallet-lock.js'

/** Where points of a lot can be. A lot ends when all five are zero. */
export const LOT_STATES = ['available', 'pending', 'claimable', 'held', 'frozen'] as const
export type LotState = (typeof LOT_STATES)[number]

/** What a wallet shows: for each state the sum over its lots, and what it owes. Whole points, ≥ 0. */
export interface Balance {
  readonly available: number
  readonly pending: number
  readonly claimable: number
  readonly held: number
  readonly frozen: number
  readonly debt: number
}

/**
 * What one grant put into a wallet. `seq` counts a wallet's lots from 1; (wallet, seq) names a lot
 * for ever. Instants are epoch milliseconds, null where there is none.
 */
export interface Lot {
  readonly seq: number
  readonly kind: string
  /** The earn source that granted it. */
  readonly source: string
  /** The order or act it came from, unique with the source; null for an adjustment. */
  readonly ref: string | null
  readonly granted: number
  readonly available: number
  readonly pending: number
  readonly claimable: number
  readonly held: number
  readonly frozen: number
  readonly earnedAt: number
  /** A pending lot confirms by itself at this instant; null: only when somebody confirms it. */
  readonly confirmAt: number | null
  /** When confirmed it becomes claimable for so long; null: it becomes available at once. */
  readonly claimMs: number | null
  /** A claimable lot is void from this instant on. */
  readonly claimBy: number | null
  /** The first instant at which the lot is no longer usable; null: never expires. */
  readonly expiresAt: number | null
  /** Points of it that ran out, were never claimed, or were withheld and voided; a clawback does not ask for them again. */
  readonly lapsed: number
  /** Points of it that were cancelled while they were pending or claimable. */
  readonly voided: number
}

/**
 * A wallet under its lock. `memo` is the programme's own small state of the member (tier spend, cap
 * counters, plugins' memories): it moves with the posting and the ledger never looks inside.
 */
export interface Wallet {
  readonly id: number
  /** Goes up by one with each transaction. 0: nothing happened yet. */
  readonly version: number
  readonly balance: Balance
  readonly lastLot: number
  /** The earliest instant at which something moves by itself, null when nothing will. */
  readonly nextDueAt: number | null
  /** What keeps its points from being used; null: nothing does, nor ever will by itself. */
  readonly lock: WalletLock | null
  readonly head: string
  readonly memo: JsonObject
  /** When its last transaction was recorded; a wallet's time never runs backwards. */
  readonly updatedAt: number
}

/** Money's old rule: every transaction's entries sum to zero. Accounts of a wallet are its lot
 * states and `debt`; everything else is a system account such as `issued:purchase`. */
export interface Entry {
  readonly account: string
  /** The lot whose points moved, on both sides of the movement: the entries of each lot sum to zero
   * too. Null only where no lot is concerned. */
  readonly lot: number | null
  /** Whole points; positive into the account, negative out of it. Never zero. */
  readonly amount: number
}
