/** A tier that an operator gave until a date (M3): the member is at least that. */
export interface TierFloor {
  readonly tier: string
  /** Epoch milliseconds; `until` is the first instant after it. */
  readonly from: number
  readonly until: number
}

/** What an operator gave at a moment; null: nothing. */
export function floorAt(floors: readonly TierFloor[], at: number): TierFloor | null {
  return floors.find(({ from, until }) => from <= at && at < until) ?? null
}

/** What was given goes, from now on, and a new one takes its place; null: none does. */
export function replaceFloor(
  floors: readonly TierFloor[],
  { now, next }: { now: number; next: Omit<TierFloor, 'from'> | null },
): readonly TierFloor[] {
  const past = floors
    .map((floor) => ({ ...floor, until: Math.min(floor.until, now) }))
    .filter(({ from, until }) => from < until)
  return next ? [...past, { ...next, from: now }] : past
}
