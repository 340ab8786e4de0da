const DAY_MS = 86_400_000

/** The first instant of the UTC day of an instant, for figures whose zone does not matter. */
export function startOfUtcDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS
}
