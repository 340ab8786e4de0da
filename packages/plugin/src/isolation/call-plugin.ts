import { failPlugin } from './fail-plugin.js'
import type { PluginFaultReason, ReportFault } from './plugin-fault.js'

export interface CallOptions {
  /** Told of faults as they happen, besides the one that is thrown. */
  readonly report?: ReportFault
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
 * `PluginFault`. */
export function callPlugin<T>({ plugin, operation, run, findFault, options }: Call<T>): T {
  const { report, budgetMs = BUDGET_MS, clock = () => performance.now() } = options ?? {}
  const fail = (reason: PluginFaultReason, fault: string, cause?: unknown) =>
    failPlugin(report, { plugin: plugin.id, operation, reason, fault, cause })

  const started = clock()
  let answer: unknown
  let fault: string | undefined
  try {
    answer = run()
    // Looking at the answer runs a plugin's code too, when it has getters.
    fault = isPromise(answer) ? 'it answered with a promise' : findFault(answer)
  } catch (error) {
    throw fail('threw', `it threw ${describe(error)}`, error)
  }
  if (isPromise(answer)) answer.then(undefined, () => {}) // nobody else will hear its rejection
  if (fault !== undefined) throw fail('nonsense', fault)

  const elapsedMs = clock() - started
  if (elapsedMs > budgetMs) {
    fail('slow', `it took ${Math.round(elapsedMs)} ms, more than the ${budgetMs} ms it may`)
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
