import type { JsonObject } from '../posting/json.js'
import type { LedgerTransaction } from '../posting/posting.js'

/** What shall be done about a transaction once it is committed. */
export interface NewNotice {
  /** Who handles it: a word, 1 to 100 characters. */
  readonly topic: string
  readonly body: JsonObject
  /** Not to be handled before; epoch milliseconds, default at once. */
  readonly dueAt?: number
}

/** What follows from a transaction. Pure: it runs with the decision, and again when that does. */
export type NoticesOf = (transaction: LedgerTransaction) => readonly NewNotice[]

/** A notice as it is written, with the transaction it is about. */
export interface NoticeRow extends Required<NewNotice> {
  readonly wallet: number
  readonly version: number
  /** Epoch milliseconds. */
  readonly recordedAt: number
}

/** A notice that waits. */
export interface Notice extends NoticeRow {
  readonly seq: number
  /** How often somebody has begun to handle it. */
  readonly attempts: number
  /** Why it failed the last time. */
  readonly lastError: string | null
}

export interface ClaimTerms {
  readonly topics: readonly string[]
  /** Epoch milliseconds. */
  readonly now: number
  /** When others may take what was not ended by then. */
  readonly until: number
  /** Names this claim among all: 1 to 36 characters, never used before. */
  readonly claim: string
  readonly limit: number
}

/**
 * The queue behind the notices. Whoever claims some has them for a time; what was neither ended nor put
 * off by then is due again, so each is handled at least once. A claim has the notices of one wallet and
 * topic in the order of their versions, and nobody is given a later one while an earlier one is in
 * somebody's hands or has failed; one with a `dueAt` of its own is waited for by none.
 */
export interface NoticeQueue {
  /** The longest due, in order. */
  claim(terms: ClaimTerms): Promise<readonly Notice[]>
  /** They are handled, and gone. Of a claim that ran out, only those that nobody else has taken. */
  end(claim: string, seqs: readonly number[]): Promise<void>
  /** They failed, and are due again later. */
  postpone(
    claim: string,
    failed: readonly { readonly seq: number; readonly dueAt: number; readonly error: string }[],
  ): Promise<void>
  /** Nothing was done about them: they are due as they were. */
  release(claim: string, seqs: readonly number[]): Promise<void>
}
