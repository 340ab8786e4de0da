import {
  type CallOutcome,
  type PluginCall,
  PluginFault,
  type PluginWatch,
  type ReportFault,
} from '@pointwell/plugin'

/** Faults are counted over so long, then from nought again; milliseconds. */
export const WINDOW_MS = 60_000
/** So many faults cut an operation off, where half of its calls failed or more. */
export const MOST_FAULTS = 10
/** So many calls that did not end in time do so by themselves: each of them held everybody up. */
export const MOST_TIMEOUTS = 3
/** How long an operation is cut off at first; after each trial that fails, twice as long. */
export const CUT_OFF_MS = 10_000
/** And no longer than this. */
export const LONGEST_CUT_OFF_MS = 300_000

/** One operation of a plugin since this server started. */
export interface OperationHealth {
  readonly operation: string
  readonly calls: number
  /** Calls that failed, those out of time among them. */
  readonly faults: number
  /** Calls that did not end in time. */
  readonly timeouts: number
  /** Calls that ended well, and held everybody up. */
  readonly slow: number
  /** Time spent in calls that came back, milliseconds. */
  readonly spentMs: number
  readonly lastFault: { readonly at: number; readonly reason: string; readonly text: string } | null
  /** Until when it is not called: then one call tries it. Null: it is called. */
  readonly cutOffUntil: number | null
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface PluginHealth extends PluginWatch {
  /** When this server began to count, epoch milliseconds. */
  readonly since: number
  /** What a plugin was asked so far. */
  of(pluginId: string): OperationHealth[]
}

type Counts = Omit<OperationHealth, 'operation' | 'cutOffUntil'>
interface Counted extends Mutable<Counts> {
  window: { since: number; calls: number; faults: number; timeouts: number }
  cutOff: { until: number; lasts: number; trialSince: number | null } | null
}

/**
 * Looks on at all calls of plugins on one server: how many, how long, what failed (G4). An operation that
 * fails again and again is cut off: whoever asks for it is refused at once, without its code running, and
 * nobody waits for it. After a while one call tries it; where that ends well it is back. Only that operation
 * is cut off: a source that cannot decide can still take back what it gave.
 */
export function openPluginHealth({
  clock,
  onFault,
  onChange,
}: {
  readonly clock: () => number
  readonly onFault?: ReportFault | undefined
  /** Told when an operation is cut off (until when), and when it is back (null). */
  readonly onChange?: ((call: PluginCall, cutOffUntil: number | null) => void) | undefined
}): PluginHealth {
  const plugins = new Map<string, Map<string, Counted>>()
  const since = clock()

  function countedOf({ plugin, operation }: PluginCall): Counted {
    const known = plugins.get(plugin)?.get(operation)
    if (known) return known
    const counted = newlyCounted(clock())
    const operations = plugins.get(plugin) ?? new Map<string, Counted>()
    plugins.set(plugin, operations.set(operation, counted))
    return counted
  }

  function windowOf(counted: Counted): Counted['window'] {
    const now = clock()
    const { since } = counted.window
    // A clock that was set back begins anew as well.
    if (now - since >= WINDOW_MS || now < since) counted.window = emptyWindow(now)
    return counted.window
  }

  function cutOff(call: PluginCall, counted: Counted): void {
    const { lasts } = counted.cutOff ?? { lasts: CUT_OFF_MS / 2 }
    const next = Math.min(lasts * 2, LONGEST_CUT_OFF_MS)
    counted.cutOff = { until: clock() + next, lasts: next, trialSince: null }
    counted.window = emptyWindow(clock())
    onChange?.(call, counted.cutOff.until)
  }

  return {
    since,

    of: (pluginId) =>
      [...(plugins.get(pluginId) ?? [])].map(([operation, { window: _, cutOff, ...counted }]) => ({
        operation,
        ...counted,
        cutOffUntil: cutOff?.until ?? null,
      })),

    findCutOff(call) {
      const counted = countedOf(call)
      const { cutOff } = counted
      if (cutOff) {
        const now = clock()
        // A trial that never came back, and of which nobody heard, does not keep it cut off for ever.
        const from = cutOff.trialSince === null ? cutOff.until : cutOff.trialSince + cutOff.lasts
        // Set back by more than it lasts, a clock would keep it cut off for as long.
        if (now < from && from - now <= cutOff.lasts) return cutOffFault(call, from)
        cutOff.trialSince = now
      }
      counted.calls++
      windowOf(counted).calls++
      return undefined
    },

    ended(call, { outcome, elapsedMs }: { outcome: CallOutcome; elapsedMs: number }) {
      const counted = countedOf(call)
      counted.spentMs += elapsedMs
      if (outcome === 'failed' || counted.cutOff?.trialSince == null) return
      if (outcome === 'broken-off') counted.cutOff.trialSince = null
      else {
        counted.cutOff = null
        counted.window = emptyWindow(clock())
        onChange?.(call, null)
      }
    },

    failed(fault) {
      onFault?.(fault)
      const { reason } = fault
      const counted = countedOf(fault)
      counted.lastFault = { at: clock(), reason, text: fault.message }
      if (reason === 'slow') {
        counted.slow++
        return
      }
      const window = windowOf(counted)
      for (const counts of [counted, window]) {
        counts.faults++
        if (reason === 'timed-out') counts.timeouts++
      }
      const isTrial = counted.cutOff !== null && counted.cutOff.trialSince !== null
      const isTooMuch =
        window.timeouts >= MOST_TIMEOUTS ||
        (window.faults >= MOST_FAULTS && window.faults * 2 >= window.calls)
      // What failed while it is cut off began before that.
      if (isTrial || (!counted.cutOff && isTooMuch)) cutOff(fault, counted)
    },
  }
}

function newlyCounted(now: number): Counted {
  return {
    calls: 0,
    faults: 0,
    timeouts: 0,
    slow: 0,
    spentMs: 0,
    lastFault: null,
    window: emptyWindow(now),
    cutOff: null,
  }
}

function emptyWindow(since: number): Counted['window'] {
  return { since, calls: 0, faults: 0, timeouts: 0 }
}

function cutOffFault({ plugin, operation }: PluginCall, until: number): PluginFault {
  return new PluginFault({
    plugin,
    operation,
    reason: 'cut-off',
    fault: `it failed too often, and is not asked before ${new Date(until).toISOString()}`,
  })
}
