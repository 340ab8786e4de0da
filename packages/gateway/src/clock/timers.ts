/** Time as far as the gateway waits for it; a test hands in its own. */
export interface Timers {
  /** Runs `act` once, after `delayMs`; the answer calls it off. */
  after(delayMs: number, act: () => void): () => void
  /** Runs `act` every `intervalMs`; the answer calls it off. */
  every(intervalMs: number, act: () => void): () => void
}

/** The longest that Node's own timers wait; more, and they would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

export const systemTimers: Timers = {
  after(delayMs, act) {
    let timer: NodeJS.Timeout
    const wait = (leftMs: number) => {
      timer =
        leftMs > LONGEST_MS
          ? setTimeout(() => wait(leftMs - LONGEST_MS), LONGEST_MS)
          : setTimeout(act, Math.max(0, leftMs))
      timer.unref()
    }
    wait(delayMs)
    return () => clearTimeout(timer)
  },
  every(intervalMs, act) {
    const timer = setInterval(act, intervalMs)
    timer.unref()
    return () => clearInterval(timer)
  },
}
