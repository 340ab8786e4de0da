const STATES = ['available', 'pending', 'claimable', 'held', 'frozen', 'debt'] as const
type PointState = (typeof STATES)[number]

/** Sums over many wallets: more perhaps than a number holds. */
export type PointSums = Record<PointState, bigint>

export function noPoints(): PointSums {
  return Object.fromEntries(STATES.map((state) => [state, 0n])) as PointSums
}

export function addPoints(sums: PointSums, points: Partial<Record<PointState, number>>): void {
  for (const state of STATES) sums[state] += BigInt(points[state] ?? 0)
}

/** As decimals, for JSON. */
export function shownSums(sums: PointSums): Record<PointState, string> {
  return Object.fromEntries(STATES.map((state) => [state, `${sums[state]}`])) as Record<
    PointState,
    string
  >
}
