const FIRST_MS = 1_000
const MOST_MS = 3_600_000

/** When to try again what has failed so many times: each time later, after an hour at the latest. */
export function retryAt(now: number, attempts: number): number {
  return now + Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1))
}
