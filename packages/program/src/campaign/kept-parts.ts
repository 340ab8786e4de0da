/** A part of a grant as its record keeps it. */
export interface KeptPart {
  /** Null: what the event earned anyway. */
  readonly campaign: string | null
  /** Which department pays, where one does. */
  readonly department?: string
  /** Which of the record's lots it went into, by place. */
  readonly lot: number
  /** Whole points. */
  readonly granted: number
  readonly standing: number
  /** What of `granted` does not go down with the goods. */
  readonly extra: number
  /** Names of the budgets that it was taken from (E9). */
  readonly budgets?: readonly string[]
}

/**
 * What of each part stands when `standing` points of the whole grant do: extra points of campaigns
 * as they are, for as long as there is anything to add them to; the rest of each in proportion.
 * By nothing but what was granted and `standing`, and no part's share goes up when `standing` goes
 * down: so the parts end where they end, whatever the order of the returns (L5).
 */
export function shareStanding(
  parts: readonly Pick<KeptPart, 'granted' | 'extra'>[],
  standing: number,
): readonly number[] {
  const extras = parts.map(({ extra }) => extra)
  const fixed = sum(extras)
  const moving = parts.map(({ granted, extra }) => granted - extra)
  const kept = inProportion(moving, Math.max(0, standing - fixed))
  let room = Math.min(standing, fixed)
  return extras.map((extra, place) => {
    const stays = Math.min(extra, room)
    room -= stays
    return stays + kept[place]!
  })
}

/** Cuts the last one's share off, rounded down, then that of the one before it off the rest. */
function inProportion(amounts: readonly number[], total: number): number[] {
  const shares = amounts.map(() => 0)
  let left = total
  let whole = sum(amounts)
  for (const [fromEnd, amount] of [...amounts].reverse().entries()) {
    const share = whole === 0 ? 0 : Number((BigInt(amount) * BigInt(left)) / BigInt(whole))
    shares[amounts.length - 1 - fromEnd] = share
    left -= share
    whole -= amount
  }
  return shares
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, it) => all + it, 0)
}
