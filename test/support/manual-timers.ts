import type { Timers } from '@pointwell/gateway'

/** Timers that only go off when the test says so. */
export function manualTimers({ now = () => 0 }: { now?: () => number } = {}) {
  const repeating = new Set<() => void>()
  const once = new Set<{ at: number; delayMs: number; act: () => void }>()
  const timers: Timers = {
    after(delayMs, act) {
      const timer = { at: now() + delayMs, delayMs, act }
      once.add(timer)
      return () => once.delete(timer)
    },
    every(_intervalMs, act) {
      repeating.add(act)
      return () => repeating.delete(act)
    },
  }
  return {
    timers,
    /** How many repeat. */
    repeating: () => repeating.size,
    /** Whether one waits so long. */
    isWaiting: (delayMs: number) => [...once].some((timer) => timer.delayMs === delayMs),
    /** Lets each that repeats go off once. */
    tick() {
      for (const act of [...repeating]) act()
    },
    /** Lets those go off whose time has come by the test's clock, or those that wait so long. */
    fire({ waiting }: { waiting?: number } = {}) {
      for (const timer of [...once]) {
        if (waiting === undefined ? timer.at > now() : timer.delayMs !== waiting) continue
        once.delete(timer)
        timer.act()
      }
    },
  }
}
