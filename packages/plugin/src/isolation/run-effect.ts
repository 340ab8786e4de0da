import type {
  Cancellation,
  ChannelContext,
  DeliveryContext,
  Fulfilment,
  Notifier,
  RedemptionChannel,
} from '../contract/plugin.js'
import { describe } from './call-plugin.js'
import { failPlugin } from './fail-plugin.js'
import { findAnswerFault } from './find-answer-fault.js'
import { freezeDeeply } from './freeze-deeply.js'
import type { PluginFaultReason } from './plugin-fault.js'
import type { CallOutcome, PluginCall, PluginWatch } from './plugin-watch.js'

export interface EffectOptions {
  /** How long it may take; milliseconds, 10,000 unless told. */
  readonly timeoutMs?: number
  /** Looks on, and is told of faults: none of them is thrown. */
  readonly watch?: PluginWatch
  /** Ends the call early, as when the server shuts down. */
  readonly signal?: AbortSignal
}

export type Delivery = Awaited<ReturnType<Notifier['deliver']>>
type AnyChannelContext = ChannelContext<unknown, unknown, unknown>

const TIMEOUT_MS = 10_000

/**
 * Runs what a plugin does to the world (G4): `fulfil` and `cancel` of a channel, `deliver` of a notifier.
 * Never rejects. One that throws, answers with nonsense, or is not back in time has an outcome nobody
 * knows, which is not a failure: `unknown` (for a notifier `again`), to be asked again with the same
 * key. So is one that the watch has cut off, which is not called. At the end of its time its `signal` aborts; a call that does not listen goes on unheard, and
 * its answer comes too late. As with decisions, code that never lets go of the thread can't be
 * stopped.
 */
export function runEffect(
  channel: RedemptionChannel,
  effect: 'fulfil',
  context: Omit<AnyChannelContext, 'signal'>,
  options?: EffectOptions,
): Promise<Fulfilment>
export function runEffect(
  channel: RedemptionChannel,
  effect: 'cancel',
  context: Omit<AnyChannelContext, 'signal'> & { readonly receipt: unknown },
  options?: EffectOptions,
): Promise<Cancellation>
export function runEffect(
  notifier: Notifier,
  effect: 'deliver',
  context: Omit<DeliveryContext<unknown>, 'signal'>,
  options?: EffectOptions,
): Promise<Delivery>
export async function runEffect(
  plugin: RedemptionChannel | Notifier,
  effect: 'fulfil' | 'cancel' | 'deliver',
  context: object,
  { timeoutMs = TIMEOUT_MS, watch, signal }: EffectOptions = {},
): Promise<Fulfilment | Cancellation | Delivery> {
  const call: PluginCall = { plugin: plugin.id, operation: effect }
  const notNow = (detail: string) => {
    const outcome = effect === 'deliver' ? 'again' : 'unknown'
    return { outcome, detail: detail.slice(0, 500) } as const
  }
  let outcome: CallOutcome = 'fine'
  const fail = (reason: PluginFaultReason, fault: string, cause?: unknown) => {
    outcome = 'failed'
    failPlugin(watch, { ...call, reason, fault, cause })
    return notNow(fault)
  }

  const run = (plugin as unknown as Record<string, (context: object) => unknown>)[effect]
  if (!run) return fail('nonsense', `it has no ${effect}`)
  if (signal?.aborted) return notNow(ENDED_EARLY)
  const cutOff = watch?.findCutOff?.(call)
  if (cutOff) return notNow(cutOff.message)

  const started = performance.now()
  const ending = new AbortController()
  let outOfTime = false
  const timer = setTimeout(() => {
    outOfTime = true
    ending.abort()
  }, timeoutMs)
  const end = () => ending.abort()
  signal?.addEventListener('abort', end, { once: true })
  /** What came of a call that was told to end, whether it gave up or never listened. */
  const abandoned = () => {
    if (outOfTime) return fail('timed-out', `it was not back after ${timeoutMs} ms`)
    outcome = 'broken-off'
    return notNow(ENDED_EARLY)
  }

  try {
    for (const [name, value] of Object.entries(context)) {
      if (name !== 'calendar' && name !== 'store') freezeDeeply(value)
    }
    const running = async () => run.call(plugin, { ...context, signal: ending.signal })
    const answer = await Promise.race([running(), aborted(ending.signal)])
    if (answer === ABORTED) return abandoned()
    const fault = findAnswerFault(plugin, effect, answer)
    if (fault) return fail('nonsense', fault)
    return answer as Fulfilment | Cancellation | Delivery
  } catch (error) {
    if (ending.signal.aborted) return abandoned()
    return fail('threw', `it threw ${describe(error)}`, error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    watch?.ended?.(call, { outcome, elapsedMs: performance.now() - started })
  }
}

/** The server shuts down: nobody's fault, and to be asked again. */
const ENDED_EARLY = 'ended early'

const ABORTED = Symbol('aborted')

function aborted(signal: AbortSignal): Promise<typeof ABORTED> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(ABORTED)
    else signal.addEventListener('abort', () => resolve(ABORTED), { once: true })
  })
}
