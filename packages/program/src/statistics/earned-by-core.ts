import type { FigureTotal } from '@pointwell/ledger'

/** Points that a source gave to members of a tier, and by how many acts. */
export interface EarnedShare {
  readonly source: string
  readonly tier: string
  /** Core or non-core behaviour (E7); null: nobody here says, as of what an operator gave by hand. */
  readonly core: boolean | null
  /** Whole points. */
  readonly points: bigint
  /** Those that earned something. */
  readonly acts: number
}

/** One tier's points, core and non-core apart. */
export interface TierEarned {
  readonly tier: string
  readonly core: Earned
  readonly nonCore: Earned
}

interface Earned {
  readonly points: bigint
  readonly acts: number
}

/** What figures call the account that a source's points come from. */
export const ISSUED = 'issued:'

/**
 * Figures of issued points by source, tier and core or not: as the grant itself said, else as the
 * source is marked. By source, then tier.
 */
export function earnedShares(
  figures: readonly FigureTotal[],
  sources: ReadonlyMap<string, { readonly core: boolean }>,
): EarnedShare[] {
  const shares = new Map<string, EarnedShare>()
  for (const { account, labels, amount, transactions } of figures) {
    const source = account.slice(ISSUED.length)
    const tier = labels.tier ?? ''
    const core =
      labels.core === undefined ? (sources.get(source)?.core ?? null) : labels.core === 'true'
    const name = JSON.stringify([source, tier, core])
    const share = shares.get(name)
    shares.set(name, {
      source,
      tier,
      core,
      // What goes out of an account of issued points is issued.
      points: (share?.points ?? 0n) - amount,
      acts: (share?.acts ?? 0) + transactions,
    })
  }
  return [...shares.values()].sort(
    (a, b) =>
      compare(a.source, b.source) || compare(a.tier, b.tier) || compare(`${b.core}`, `${a.core}`),
  )
}

/** By tier: the programme's own in their order, then those that it no longer has. */
export function earnedByTier(
  shares: readonly EarnedShare[],
  tiers: readonly string[],
): TierEarned[] {
  const names = [...tiers, ...shares.map(({ tier }) => tier).sort(compare)]
  return [...new Set(names)].map((tier) => {
    const sum = (core: boolean) =>
      shares
        .filter((share) => share.tier === tier && share.core === core)
        .reduce(
          (all, { points, acts }) => ({ points: all.points + points, acts: all.acts + acts }),
          { points: 0n, acts: 0 },
        )
    return { tier, core: sum(true), nonCore: sum(false) }
  })
}

/** How much of a tier's points are core, 0 to 1 with four places; null: it earned none. */
export function coreShare({ core, nonCore }: TierEarned): string | null {
  const all = core.points + nonCore.points
  if (all <= 0n) return null
  // To the nearest ten-thousandth, in whole numbers: sums may be more than a number holds.
  const tenThousandths = (core.points * 20_000n + all) / (all * 2n)
  const digits = `${tenThousandths}`.padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
