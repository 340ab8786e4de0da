/** What the client knows of time; a test gives another. */
export interface Timers {
  /** Milliseconds from whenever on. */
  now(): number
  /** Acts once after so long, unless what it answers with is called before. */
  after(delayMs: number, act: () => void): () => void
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs)
    return () => clearTimeout(timer)
  },
}
