export interface Unannounced {
  /** `Member.tier`, `Query.members.first` */
  readonly place: string
  readonly message: string
  /** The bump of a changeset that would announce it. */
  readonly needed: 'minor' | 'major'
}

/** What of a schema's changes breaks its clients and is not announced by a changeset. */
export function findUnannounced(change: {
  /** Both as text. */
  readonly before: string
  readonly after: string
  /** What was released last: `0.1.0`. */
  readonly version: string
  /** The texts of those that are not released yet. */
  readonly changesets: readonly string[]
}): Promise<Unannounced[]>
