import type { Json } from '@pointwell/ledger'
import type { Acting } from './acting.js'

/** What was changed. A member goes by the number of its wallet, so that an entry says nothing of who
 * it is once it is forgotten. */
export interface AuditTarget {
  readonly kind: 'member' | 'offer' | 'policy' | (string & {})
  readonly id: string
}

/** One act of an operator, as it is to be written. */
export interface NewAuditEntry extends Acting {
  /** Epoch milliseconds. */
  readonly at: number
  /** The mutation's own name: `updatePolicy`. */
  readonly act: string
  readonly target: AuditTarget
  /** The member that it speaks of, where its target is something else: by the number of its wallet. */
  readonly member?: number | null
  /** What differs, as it was and as it is; null: there was nothing, or there is nothing now. */
  readonly before: Json
  readonly after: Json
  /** Names the act, where anything does: of two entries with the same key the first stays. */
  readonly key: string | null
}

export interface AuditEntry extends NewAuditEntry {
  /** Counts up, though not in the order of `at` to the millisecond. */
  readonly id: number
}
