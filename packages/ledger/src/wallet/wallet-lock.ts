/** Points that somebody locked in a wallet, and which lots they are in. */
export interface Freeze {
  /** Names it within the wallet. */
  readonly ref: string
  /** They are freed by themselves at this instant; null: only when somebody frees them. */
  readonly until: number | null
  /** When they are freed by themselves: the new expiry of a lot that ran out meanwhile; null: what ran
   * out is lost. */
  readonly graceTo: number | null
  readonly taken: readonly (readonly [lot: number, points: number])[]
  /** It holds back what was just granted: points that are voided in it count as never had, so that a clawback
   * of the grant does not ask for them again. */
  readonly withheld?: true
}

/** What stands between a wallet's points and their use. Moves with the posting, under its lock. */
export interface WalletLock {
  /** From this instant on nothing in the wallet can be used: what is there, and what becomes usable
   * later, is frozen until this changes. Null: never. */
  readonly usableUntil: number | null
  /** In the order in which they came. */
  readonly freezes: readonly Freeze[]
  /** The wallet that all of it went to when two were merged: from then on nothing happens here. */
  readonly into?: number
  /** Wallets that were merged into this one, the first one first, with those that they had taken up
   * before. What was asked of them counts as asked of this one. */
  readonly absorbed?: readonly number[]
  /** For good: nothing is posted to it any more. */
  readonly ended?: true
}

const OPEN: WalletLock = { usableUntil: null, freezes: [] }

export function lockOf({ lock }: { readonly lock: WalletLock | null }): WalletLock {
  return lock ?? OPEN
}

/** Whether at an instant nothing in a wallet can be used. */
export function isClosed({ usableUntil }: WalletLock, at: number): boolean {
  return usableUntil !== null && usableUntil <= at
}

/** Points of a lot that somebody locked by name; what else of it is frozen, is so because its wallet is
 * closed. */
export function namedIn({ freezes }: WalletLock, lot: number): number {
  let points = 0
  for (const { taken } of freezes) {
    for (const [seq, share] of taken) if (seq === lot) points += share
  }
  return points
}
