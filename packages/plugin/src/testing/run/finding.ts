import type { Words } from '../../contract/words.js'

/** What a check found wrong with a plugin. */
export interface Finding {
  /** The check's name: `steps-sum-to-points`. */
  readonly check: string
  /** One sentence in English without a full stop. */
  readonly fault: string
  /** What it was seen with, as short as it could be made unless told not to; with the `seed` that makes it again. */
  readonly example?: unknown
}

/** What one check says of one plugin; undefined: nothing is wrong. */
export type Found = Omit<Finding, 'check'> | undefined

/** One thing that the contract asks of a plugin. */
export interface Check<Session> {
  /** Stable: what a report is searched for. */
  readonly name: string
  readonly means: Words
  find(session: Session): Found | Promise<Found>
}

/** A check as it is listed. */
export type CheckFacts = Pick<Check<never>, 'name' | 'means'>
