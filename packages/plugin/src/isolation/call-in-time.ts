import { describe } from './call-plugin.js'
import { failPlugin } from './fail-plugin.js'
import type { PluginFaultReason } from './plugin-fault.js'
import type { CallOutcome, PluginCall, PluginWatch } from './plugin-watch.js'

const TIMEOUT_MS = 60_000

/** Runs an asynchronous function of a plugin. Throws `PluginFault` where it throws or is not back in time
 * (milliseconds, 60,000 unless told), which is reported too, and where the watch has cut it off, which is
 * not run. */
export async function callInTime<T>(
  plugin: { readonly id: string },
  operation: string,
  { timeoutMs = TIMEOUT_MS, watch }: { readonly timeoutMs?: number; readonly watch?: PluginWatch },
  run: () => Promise<T> | T,
): Promise<T> {
  const call: PluginCall = { plugin: plugin.id, operation }
  const fail = (reason: PluginFaultReason, fault: string, cause?: unknown) =>
    failPlugin(watch, { ...call, reason, fault, cause })
  const cutOff = watch?.findCutOff?.(call)
  if (cutOff) throw cutOff
  const started = performance.now()
  let outcome: CallOutcome = 'failed'
  const late = Symbol('late')
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), timeoutMs)
  })
  try {
    const answer = await Promise.race([
      (async () => run())().catch((error: unknown) => {
        throw fail('threw', `it threw ${describe(error)}`, error)
      }),
      tooLate,
    ])
    if (answer === late) throw fail('timed-out', `it was not back after ${timeoutMs} ms`)
    outcome = 'fine'
    return answer
  } finally {
    clearTimeout(timer)
    watch?.ended?.(call, { outcome, elapsedMs: performance.now() - started })
  }
}
