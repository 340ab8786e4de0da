import type { Calendar } from '@pointwell/plugin'
import type { PolicyDocument } from './policy-document.js'

/** One version of the policy, ready to decide by. */
export interface PolicyInForce {
  readonly version: number
  /** Epoch milliseconds; in force until a higher version takes over. */
  readonly effectiveFrom: number
  readonly document: PolicyDocument
  readonly calendar: Calendar
}

/** What decisions read of the policy: all in memory, so that they can read it under a lock. */
export interface PolicyReads {
  /** The version in force at an instant: the highest that is effective from then or before; the
   * first where none was yet. */
  at(instant: number): PolicyInForce
  /** A version by its number; throws for one that this server never saw. */
  get(version: number): PolicyInForce
}
