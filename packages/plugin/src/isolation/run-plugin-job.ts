import type { Plugin } from '../contract/plugin.js'
import type { PluginJob, PluginJobContext } from '../contract/plugin-job.js'
import { callInTime } from './call-in-time.js'
import { failPlugin } from './fail-plugin.js'
import type { PluginWatch } from './plugin-watch.js'

export interface PluginJobOptions {
  /** After how long it is told to stop; milliseconds, 60,000 unless told. */
  readonly stopAfterMs?: number
  /** How long it may take to stop; milliseconds, 15,000 unless told. */
  readonly graceMs?: number
  readonly watch?: PluginWatch
}

const MOST_CHARACTERS = 500

/** One run of a plugin's job. Throws `PluginFault` where it throws, answers with no text, or is not back in time,
 * which is reported too. */
export async function runPluginJob(
  plugin: Plugin,
  job: PluginJob,
  context: PluginJobContext,
  { stopAfterMs = 60_000, graceMs = 15_000, watch }: PluginJobOptions = {},
): Promise<string> {
  const operation = `job ${job.name}`
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), stopAfterMs)
  const signal = AbortSignal.any([context.signal, late.signal])
  const options = { timeoutMs: stopAfterMs + graceMs, ...(watch && { watch }) }
  const said: unknown = await callInTime(plugin, operation, options, () =>
    job.run({ ...context, signal }),
  ).finally(() => clearTimeout(timer))
  if (typeof said === 'string') return said.slice(0, MOST_CHARACTERS)
  const fault = 'its answer is no text'
  throw failPlugin(watch, { plugin: plugin.id, operation, reason: 'nonsense', fault })
}
