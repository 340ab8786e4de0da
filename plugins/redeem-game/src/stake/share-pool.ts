/** A winner's stake; whole points. */
export interface WinningStake {
  readonly id: string
  readonly points: number
}

/** What the programme keeps of a pool: the rake's part, rounded down. `rake` is a decimal string below 1. */
export function rakeOf(pool: number, rake: string): number {
  const [whole = '0', places = ''] = rake.split('.')
  return Number((BigInt(pool) * BigInt(whole + places)) / 10n ** BigInt(places.length))
}

/**
 * Shares `points` among stakes in proportion to them (R12): each is rounded down, and the points that are left
 * go one each to those that lost the largest fractions, and of equal ones to the lower id. They sum to
 * `points`, whatever order the stakes come in.
 */
export function sharePool(
  points: number,
  stakes: readonly WinningStake[],
): ReadonlyMap<string, number> {
  const total = stakes.reduce((sum, stake) => sum + BigInt(stake.points), 0n)
  if (total === 0n) return new Map()
  const parts = stakes.map((stake) => {
    const exact = BigInt(points) * BigInt(stake.points)
    return { id: stake.id, share: exact / total, lost: exact % total }
  })
  const shared = parts.reduce((sum, { share }) => sum + share, 0n)
  const rest = Number(BigInt(points) - shared)
  const first = parts.toSorted((a, b) => compare(b.lost, a.lost) || compare(a.id, b.id))
  const more = new Set(first.slice(0, rest).map(({ id }) => id))
  return new Map(parts.map(({ id, share }) => [id, Number(share) + (more.has(id) ? 1 : 0)]))
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
