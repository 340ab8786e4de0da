/** What is kept of an event that went in. */
export interface EarnedRecord {
  readonly memberId: string
  /** The once-key. */
  readonly once: string
  readonly event: unknown
  readonly status: 'pending' | 'confirmed' | 'cancelled'
  /** Granted at first, and what still stands after returns; whole points. */
  readonly granted: number
  readonly standing: number
  /** What came back of it, as its source's returns schema made it, in the order it was told. */
  readonly returns: readonly unknown[]
}
