import type { LedgerReads } from './ledger-reads.js'

/** What the ledger's own types need of the GraphQL context. */
export interface LedgerContext {
  readonly ledgerReads: LedgerReads
  /** Epoch milliseconds; injected. */
  now(): number
  /** What a reader is told for a stable word (a step, a reason), in the language of the request; the
   * word itself where nobody named it. */
  titleOf(word: string): string
}
