import { failPlugin } from './fail-plugin.js'
import type { PluginFaultReason } from './plugin-fault.js'
import type { CallOutcome, PluginCall, PluginWatch } from './plugin-watch.js'

export interface CallOptions {
  /** Looks on, and is told of faults as they happen, besides the one that is thrown. */
  readonly watch?: PluginWatch
  /** A call that takes longer is reported as `slow`; milliseconds, 50 unless told. */
  readonly budgetMs?: number
  /** A clock that only goes forward, milliseconds. */
  readonly clock?: () => number
}

const BUDGET_MS = 50

interface Call<T> {
  readonly plugin: { readonly id: string }
  readonly operation: string
  readonly run: () => unknown
  /** What is wrong with the answer, a sentence without a full stop; undefined when nothing is. */
  readonly findFault: (answer: unknown) => string | undefined
  readonly options: CallOptions | undefined
  /** Only for the type. */
  readonly answer?: T
}

/** Runs a synchronous function of a plugin, checks its answer, and turns whatever goes wrong into a
 * `PluginFault`. Where the watch has cut it off, that is thrown, and nothing is run. */
export function callPlugin<T>({ plugin, operation, run, findFault, options }: Call<T>): T {
  const { watch, budgetMs = BUDGET_MS, clock = () => performance.now() } = options ?? {}
  const fail = (reason: PluginFaultReason, fault: string, cause?: unknown) =>
    failPlugin(watch, { plugin: plugin.id, operation, reason, fault, cause })

  const call: PluginCall = { plugin: plugin.id, operation }
  const cutOff = watch?.findCutOff?.(call)
  if (cutOff) throw cutOff
  const started = clock()
  let answer: unknown
  let fault: string | undefined
  let outcome: CallOutcome = 'failed'
  try {
    try {
      answer = run()
      // Looking at the answer runs a plugin's code too, when it has getters.
      fault = isPromise(answer) ? 'it answered with a promise' : findFault(answer)
    } catch (error) {
      throw fail('threw', `it threw ${describe(error)}`, error)
    }
    if (isPromise(answer)) answer.then(undefined, () => {}) // nobody else will hear its rejection
    if (fault !== undefined) throw fail('nonsense', fault)
    outcome = 'fine'
  } finally {
    const elapsedMs = clock() - started
    watch?.ended?.(call, { outcome, elapsedMs })
    if (outcome === 'fine' && elapsedMs > budgetMs) {
      fail('slow', `it took ${Math.round(elapsedMs)} ms, more than the ${budgetMs} ms it may`)
    }
  }
  return answer as T
}

/** An error as one line, whatever was thrown. */
export function describe(error: unknown): string {
  try {
    return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(
      0,
      500,
    )
  } catch {
    return 'something that cannot be shown'
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}
