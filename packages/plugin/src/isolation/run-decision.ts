import type { Refusal } from '@pointwell/ledger'
import type { Asked, AskedFor } from '../contract/asked.js'
import type {
  Calendar,
  DecisionContext,
  EarnContext,
  EarnDecision,
  EarnSource,
  ItemPoints,
  JoinContext,
  OfferFacts,
  ReactContext,
  Reaction,
  RedemptionChannel,
  RiskAnswer,
  RiskRule,
  TaskContext,
} from '../contract/plugin.js'
import type { Task } from '../contract/task.js'
import { isRefusal } from '../decision/refuse.js'
import { type CallOptions, callPlugin } from './call-plugin.js'
import { findAskedFault } from './find-asked-fault.js'
import { findAssessmentFault } from './find-assessment-fault.js'
import { findGrantFault } from './find-grant-fault.js'
import { findItemsFault } from './find-items-fault.js'
import { findJsonFault } from './find-json-fault.js'
import { findKeyFault } from './find-key-fault.js'
import { findReactionFault } from './find-reaction-fault.js'
import { findRefusalFault } from './find-refusal-fault.js'
import { findTasksFault } from './find-tasks-fault.js'
import { freezeDeeply } from './freeze-deeply.js'

/*
 * The pure functions of a plugin, each behind the same wall (G4). They throw `PluginFault` and nothing
 * else; the caller lets it fail the one request it is in.
 *
 * What the wall holds: a function that throws; one that answers with nonsense (negative, fractional
 * or huge points, steps that do not add up, a promise, a memory that is not JSON, a refusal nobody
 * declared); one that tries to change what it was given (all of it is frozen, so it throws).
 *
 * What it does not: a decision runs on the thread that runs everything else, so that thousands of
 * them fit into a second. Here, one that takes long makes everybody wait, is let finish, and is reported
 * as `slow`; one that never ends is for the caller to break off (`withDeadline` of the ledger), for one
 * deadline covers many calls. Until then the server stands still. Plugins are code that the operator
 * chose to install, not code of strangers: read them, and run the conformance kit.
 */

const NOTHING_ASKED: AskedFor = { acts: [], members: [] }

type AnyContext = EarnContext<unknown, unknown, unknown>

/** What a decision is given; of a source that asks for nothing, without `acts` and `others`. */
export type DecisionInput = Omit<AnyContext, 'acts' | 'others'> &
  Partial<Pick<AnyContext, 'acts' | 'others'>>

/** Asks a source what it remembers of two members who are one person. */
export function runJoin(
  source: EarnSource,
  context: JoinContext<unknown>,
  options?: CallOptions,
): unknown {
  freezeInput(context)
  return callPlugin<unknown>({
    plugin: source,
    operation: 'join',
    run: () => source.join?.(context) ?? context.into.memory,
    findFault: (answer) =>
      findJsonFault(answer, 'the memory') ??
      (source.memory.safeParse(answer).success
        ? undefined
        : 'its memory does not fit its own schema'),
    options,
  })
}

/** Asks a source what an event is worth. The event has passed the source's schema. */
export function runDecision(
  source: EarnSource,
  context: DecisionInput,
  options?: CallOptions,
): EarnDecision {
  freezeInput(context)
  return callPlugin<EarnDecision>({
    plugin: source,
    operation: 'decide',
    run: () => source.decide({ acts: [], others: [], ...context }),
    findFault: (answer) => {
      if (isRefusal(answer)) return findRefusalFault(source, answer)
      const fault = findGrantFault(answer)
      if (fault) return fault
      const { memory } = answer as { memory?: unknown }
      if (memory === undefined || source.memory.safeParse(memory).success) return undefined
      return 'its memory does not fit its own schema'
    },
    options,
  })
}

/** Asks a source what the items of an event earn; undefined: its events have none. */
export function runItems(
  source: EarnSource,
  context: DecisionInput,
  options?: CallOptions,
): ItemPoints | undefined {
  if (!source.items) return undefined
  freezeInput(context)
  return callPlugin<ItemPoints>({
    plugin: source,
    operation: 'items',
    run: () => source.items?.({ acts: [], others: [], ...context }),
    findFault: findItemsFault,
    options,
  })
}

/** Asks a source for the name of an act: 1 to 128 characters. */
export function runOnce(
  source: EarnSource,
  context: { readonly event: unknown; readonly calendar: Calendar; readonly now: number },
  options?: CallOptions,
): string {
  freezeInput(context)
  return callPlugin<string>({
    plugin: source,
    operation: 'once',
    run: () => source.once(context),
    findFault: findKeyFault,
    options,
  })
}

/** Asks a source what its decision has to see besides the event's own member. */
export function runAsks(
  source: EarnSource,
  context: { readonly event: unknown; readonly calendar: Calendar; readonly now: number },
  options?: CallOptions,
): AskedFor {
  if (!source.asks) return NOTHING_ASKED
  freezeInput(context)
  const asked = callPlugin<Asked>({
    plugin: source,
    operation: 'asks',
    run: () => source.asks?.(context),
    findFault: findAskedFault,
    options,
  })
  const { acts = [], members = [], line } = asked
  return { acts, members, ...(line !== undefined && { line }) }
}

/** Asks a source whom a member leads to, by what it remembers of the member; null: nobody. */
export function runLeadsTo(
  source: EarnSource,
  memory: unknown,
  options?: CallOptions,
): string | null {
  freezeDeeply(memory)
  return callPlugin<string | null>({
    plugin: source,
    operation: 'leadsTo',
    run: () => source.leadsTo?.(memory) ?? null,
    findFault: (answer) =>
      answer === null || typeof answer === 'string' ? undefined : 'it led to what is no text',
    options,
  })
}

/** Asks a source for the name of a return: 1 to 128 characters. */
export function runReturnKey(source: EarnSource, taken: unknown, options?: CallOptions): string {
  return callPlugin<string>({
    plugin: source,
    operation: 'returns.key',
    run: () => returnsOf(source).key(freezeDeeply(taken) as never),
    findFault: findKeyFault,
    options,
  })
}

/** Asks a source what a member can earn by now; of one that tells none, nothing. */
export function runTasks(
  source: EarnSource,
  context: TaskContext<unknown, unknown>,
  options?: CallOptions,
): readonly Task[] {
  if (!source.tasks) return []
  freezeInput(context)
  return callPlugin<readonly Task[]>({
    plugin: source,
    operation: 'tasks',
    run: () => source.tasks?.(context),
    findFault: findTasksFault,
    options,
  })
}

/** Asks a source for an event as it would have been without what was returned. */
export function runReturn(
  source: EarnSource,
  event: unknown,
  taken: readonly unknown[],
  options?: CallOptions,
): unknown {
  return callPlugin<unknown>({
    plugin: source,
    operation: 'returns.without',
    run: () => returnsOf(source).without(freezeDeeply(event), freezeDeeply(taken) as never),
    findFault: (answer) =>
      isRefusal(answer) ? findRefusalFault(source, answer) : findJsonFault(answer, 'the event'),
    options,
  })
}

/** Asks a source what it does about an act that it follows. */
export function runReaction(
  source: EarnSource,
  context: ReactContext<unknown, unknown>,
  options?: CallOptions,
): readonly Reaction[] {
  freezeInput(context)
  return callPlugin<readonly Reaction[]>({
    plugin: source,
    operation: 'reacts',
    run: () => (source.reacts ? source.reacts.with(context) : []),
    findFault: findReactionFault,
    options,
  })
}

/** Asks a channel whether a member may redeem; null: yes. A channel without `check` has nothing
 * against it. */
export function runCheck(
  channel: RedemptionChannel,
  context: DecisionContext<unknown> & {
    readonly offer: OfferFacts<unknown>
    readonly order: unknown
  },
  options?: CallOptions,
): Refusal | null {
  if (!channel.check) return null
  freezeInput(context)
  return callPlugin<Refusal | null>({
    plugin: channel,
    operation: 'check',
    run: () => channel.check?.(context),
    findFault: (answer) => {
      if (answer === null) return undefined
      return isRefusal(answer)
        ? findRefusalFault(channel, answer)
        : 'it answered neither null nor a refusal'
    },
    options,
  })
}

/** Asks a risk rule about an act. */
export function runAssessment(
  rule: RiskRule,
  context: Parameters<RiskRule['assess']>[0],
  options?: CallOptions,
): RiskAnswer {
  freezeInput(context)
  return callPlugin<RiskAnswer>({
    plugin: rule,
    operation: 'assess',
    run: () => rule.assess(context),
    findFault: (answer) => findAssessmentFault(rule, answer),
    options,
  })
}

function freezeInput(context: object): void {
  for (const [name, value] of Object.entries(context)) if (name !== 'calendar') freezeDeeply(value)
}

function returnsOf(source: EarnSource) {
  if (!source.returns) throw new Error('it takes nothing back, and was asked to')
  return source.returns
}
