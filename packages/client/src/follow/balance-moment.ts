import type { HoldingFragment, LineFragment } from '../documents/documents.js'
import type { PointwellError } from '../errors/pointwell-error.js'

/** A wallet as it was right after one of its changes. */
export interface BalanceMoment {
  readonly memberId: string
  /** One more with each change. Keep it, to go on after it another time: `after`. */
  readonly version: string
  readonly balance: HoldingFragment
  /** What changed; null: how it stood when following began. */
  readonly change: LineFragment | null
}

export interface FollowOptions {
  /** Whose; a member leaves it out. */
  readonly memberId?: string | undefined
  /** Goes on after this version; otherwise it begins with the wallet as it stands. */
  readonly after?: string | undefined
  /** Ends it, without an error. */
  readonly signal?: AbortSignal | undefined
  /** Told whether changes arrive as they happen, and otherwise why not; it goes on trying meanwhile. */
  readonly onLine?: ((line: LineState) => void) | undefined
}

export type LineState =
  | { readonly isLive: true }
  | { readonly isLive: false; readonly error: PointwellError; readonly retryInMs: number }
