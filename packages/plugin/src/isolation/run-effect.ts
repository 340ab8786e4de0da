import type {
  Cancellation,
  ChannelContext,
  Fulfilment,
  Notifier,
  RedemptionChannel,
} from '../contract/plugin.js'
import { describe } from './call-plugin.js'
import { failPlugin } from './fail-plugin.js'
import { findJsonFault } from './find-json-fault.js'
import { mayRefuseWith } from './find-refusal-fault.js'
import { freezeDeeply } from './freeze-deeply.js'
import type { PluginFaultReason, ReportFault } from './plugin-fault.js'

export interface EffectOptions {
  /** How long it may take; milliseconds, 10,000 unless told. */
  readonly timeoutMs?: number
  /** Told of faults: none of them is thrown. */
  readonly report?: ReportFault
  /** Ends the call early, as when the server shuts down. */
  readonly signal?: AbortSignal
}

export type Delivery = Awaited<ReturnType<Notifier['deliver']>>
type AnyChannelContext = ChannelContext<unknown, unknown, unknown>

const TIMEOUT_MS = 10_000
const RECEIPT_CHARACTERS = 65_536

/**
 * Runs what a plugin does to the world (G4): `fulfil` and `cancel` of a channel, `deliver` of a notifier.
 * Never rejects. One that throws, answers with nonsense, or is not back in time has an outcome nobody
 * knows, which is not a failure: `unknown` (for a notifier `again`), to be asked again with the same
 * key. At the end of its time its `signal` aborts; a call that does not listen goes on unheard, and
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
  context: Omit<Parameters<Notifier['deliver']>[0], 'signal'>,
  options?: EffectOptions,
): Promise<Delivery>
export async function runEffect(
  plugin: RedemptionChannel | Notifier,
  effect: 'fulfil' | 'cancel' | 'deliver',
  context: object,
  { timeoutMs = TIMEOUT_MS, report, signal }: EffectOptions = {},
): Promise<Fulfilment | Cancellation | Delivery> {
  const fail = (reason: PluginFaultReason, fault: string, cause?: unknown) => {
    failPlugin(report, { plugin: plugin.id, operation: effect, reason, fault, cause })
    const outcome = effect === 'deliver' ? 'again' : 'unknown'
    return { outcome, detail: fault.slice(0, 500) } as const
  }

  const run = (plugin as unknown as Record<string, (context: object) => unknown>)[effect]
  if (!run) return fail('nonsense', `it has no ${effect}`)
  if (signal?.aborted) return endedEarly(effect)

  const ending = new AbortController()
  let outOfTime = false
  const timer = setTimeout(() => {
    outOfTime = true
    ending.abort()
  }, timeoutMs)
  const end = () => ending.abort()
  signal?.addEventListener('abort', end, { once: true })
  /** What came of a call that was told to end, whether it gave up or never listened. */
  const abandoned = () =>
    outOfTime ? fail('timed-out', `it was not back after ${timeoutMs} ms`) : endedEarly(effect)

  try {
    for (const [name, value] of Object.entries(context)) {
      if (name !== 'calendar' && name !== 'store') freezeDeeply(value)
    }
    const call = async () => run.call(plugin, { ...context, signal: ending.signal })
    const answer = await Promise.race([call(), aborted(ending.signal)])
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
  }
}

/** The server shuts down: nobody's fault, and to be asked again. */
function endedEarly(effect: string): Fulfilment | Delivery {
  return { outcome: effect === 'deliver' ? 'again' : 'unknown', detail: 'ended early' }
}

const ABORTED = Symbol('aborted')

function aborted(signal: AbortSignal): Promise<typeof ABORTED> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(ABORTED)
    else signal.addEventListener('abort', () => resolve(ABORTED), { once: true })
  })
}

const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  fulfil: ['fulfilled', 'refused', 'unknown'],
  cancel: ['cancelled', 'refused', 'unknown'],
  deliver: ['delivered', 'again', 'dead'],
}

function findAnswerFault(
  plugin: RedemptionChannel | Notifier,
  effect: string,
  answer: unknown,
): string | undefined {
  if (typeof answer !== 'object' || answer === null) return `it answered with ${String(answer)}`
  const { outcome, code, detail, receipt } = answer as Record<string, unknown>
  if (typeof outcome !== 'string' || !OUTCOMES[effect]?.includes(outcome)) {
    return `its outcome is none of ${OUTCOMES[effect]?.join(', ')}`
  }
  if (outcome === 'refused' && !mayRefuseWith(plugin, code)) {
    return `it refused with ${JSON.stringify(code) ?? 'no code'}, which it does not declare`
  }
  if (detail !== undefined && typeof detail !== 'string') return 'its detail is not text'
  if (outcome !== 'fulfilled') return undefined
  if (receipt === undefined) return 'it gave no receipt'
  const fault = findJsonFault(receipt, 'receipt')
  if (fault) return fault
  const size = JSON.stringify(receipt).length
  return size > RECEIPT_CHARACTERS
    ? `its receipt is ${size} characters of JSON, more than ${RECEIPT_CHARACTERS}`
    : undefined
}
