export interface BackoffTerms {
  readonly leastMs: number
  readonly mostMs: number
  /** From 0 to 1. */
  random(): number
}

/** How long to wait before the next attempt: twice as long each time up to a bound, and of that between
 * a half and the whole, so that clients cut off together do not come back together. */
export function openBackoff({ leastMs, mostMs, random }: BackoffTerms) {
  let attempts = 0
  return {
    next(): number {
      const whole = Math.min(mostMs, leastMs * 2 ** attempts)
      attempts = Math.min(attempts + 1, 30)
      return whole * (0.5 + random() / 2)
    },
    reset(): void {
      attempts = 0
    },
  }
}
