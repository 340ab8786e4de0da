/** A change of a member's tier (M3). */
export interface TierChange {
  /** When it was noticed, epoch milliseconds. */
  readonly at: number
  readonly from: string
  readonly to: string
}

/** So many are kept, the newest: a tier changes a few times a year. */
const MOST = 20

/** With what the tier is now, where that is another than the last known. `lowest`: what everybody
 * begins with. */
export function noteTier(
  changes: readonly TierChange[],
  { to, lowest, at }: { to: string; lowest: string; at: number },
): readonly TierChange[] {
  const from = changes.at(-1)?.to ?? lowest
  return from === to ? changes : [...changes, { at, from, to }].slice(-MOST)
}
