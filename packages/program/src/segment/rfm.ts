/** Fifths of the members with orders in the window, 1 (lowest) to 5 (M6). */
export interface RfmScores {
  readonly recency: number
  readonly frequency: number
  readonly monetary: number
}

/** The least value of each score above the first: 2, 3, 4, 5. Infinity: nobody has it. */
export type Cuts = readonly number[]

/** Fewer members have no fifths; then all are in the middle. */
const FEWEST = 5
const MIDDLE = 3

/**
 * Where the fifths begin. Members stand in a row by their value, at places 0 to n − 1, and the score is
 * 1 + ⌊5 × place ÷ n⌋. Members of one value are all at the middle of their places, so that none is put
 * above its equal: with everybody alike, all are in the middle. With fewer than five members all are.
 */
export function quintileCuts(values: readonly number[]): Cuts {
  const members = values.length
  const cuts = [Infinity, Infinity, Infinity, Infinity]
  if (members < FEWEST) return cuts.fill(-Infinity, 0, MIDDLE - 1)
  // A million plain numbers are sorted in a tenth of a second; as anything else they would stall a server.
  const sorted = Float64Array.from(values).sort()
  for (let below = 0; below < members; ) {
    const value = sorted[below]!
    let next = below + 1
    while (next < members && sorted[next] === value) next++
    const score = 1 + Math.floor((5 * (below + next - 1)) / (2 * members))
    for (let reached = 2; reached <= score; reached++) {
      if (cuts[reached - 2] === Infinity) cuts[reached - 2] = value
    }
    below = next
  }
  return cuts
}

/** 1 to 5. */
export function scoreOf(value: number, cuts: Cuts): number {
  return 1 + cuts.filter((cut) => value >= cut).length
}
