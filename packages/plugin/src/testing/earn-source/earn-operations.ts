import fc, { type Arbitrary } from 'fast-check'
import type { FollowedAct, JoinContext, ReactContext } from '../../contract/plugin.js'
import { wholeArbitrary } from '../arbitrary/number-arbitraries.js'
import { instantArbitrary } from '../arbitrary/time-arbitraries.js'
import { makingOptions, parsedArbitrary } from '../decision/decision-case.js'
import type { Operation } from '../decision/operation.js'
import { madeOnce } from '../run/session.js'
import { observe } from '../watch/observe.js'
import {
  actArbitrary,
  type EarnCase,
  type EarnSession,
  earnCases,
  earnContext,
  memoryArbitrary,
  recordArbitrary,
} from './earn-case.js'

/** Once-keys are of every script, and up to 128 characters long. */
const KEYS = ['a', 'b', '1', 'a/b', '茶 1', 'x'.repeat(128)] as const

/** A case of every pure function that a source has. */
export interface EarnCaseOfAll extends EarnCase {
  /** What is remembered of another member, who turns out to be the same person. */
  readonly otherMemory: unknown
  readonly taken: readonly unknown[]
  readonly happened: 'confirmed' | 'returned' | 'cancelled'
  readonly followed: FollowedAct | null
}

export function earnCasesOfAll(session: EarnSession): Arbitrary<EarnCaseOfAll> {
  const memories = memoryArbitrary(session)
  return earnCases(session).chain((value) =>
    fc
      .record({
        otherMemory: memories,
        taken: takenArbitrary(session, value.event),
        happened: fc.constantFrom('confirmed' as const, 'returned' as const, 'cancelled' as const),
        followed: followedArbitrary(session, value),
      })
      .map((more) => ({ ...value, ...more })),
  )
}

/** Some returns of an event, as their schema makes them, each of another name, for the server takes none
 * twice; of a source without returns, none. */
export function takenArbitrary(
  session: EarnSession,
  event: unknown,
): Arbitrary<readonly unknown[]> {
  const { plugin, options } = session
  const { returns } = plugin
  if (!returns) return fc.constant([])
  const one = options.returnsOf
    ? options
        .returnsOf(event as never)
        .map((it) => returns.schema.safeParse(it))
        .filter(({ success }) => success)
        .map(({ data }) => data as unknown)
    : madeOnce(session, 'return', () =>
        parsedArbitrary(returns.schema, makingOptions(session, 'return')),
      )
  return fc.array(one, { maxLength: 4 }).map((taken) => eachOnce(session, taken))
}

function eachOnce(session: EarnSession, taken: readonly unknown[]): readonly unknown[] {
  const names = new Set<unknown>()
  return taken.filter((it) => {
    const seen = observe(session, 'returns.key', () =>
      session.plugin.returns?.key(structuredClone(it)),
    )
    // One without a name is for the checks of names.
    const isNew = seen.outcome !== 'answered' || !names.has(seen.answer)
    if (seen.outcome === 'answered') names.add(seen.answer)
    return isNew
  })
}

function followedArbitrary(session: EarnSession, value: EarnCase): Arbitrary<FollowedAct | null> {
  const { reacts } = session.plugin
  if (!reacts || reacts.to.length === 0) return fc.constant(null)
  return fc
    .record({ source: fc.constantFrom(...reacts.to), once: fc.constantFrom(...KEYS) })
    .chain(({ source, once }) =>
      fc.record({
        record: recordArbitrary({
          memberId: value.member.id,
          once,
          event: actArbitrary(session, { source, once }),
        }),
        source: fc.constant(source),
        at: instantArbitrary(),
        qualifyingMinor: wholeArbitrary({ min: 0, max: 1_000_000 }),
      }),
    )
    .map(({ record, ...it }) => ({ ...record, ...it }))
}

/** The pure functions that a source has. */
export function earnOperations({ plugin }: EarnSession): readonly Operation<EarnCaseOfAll>[] {
  const { returns, reacts } = plugin
  const nameGiven = (value: EarnCase) => {
    const { event, calendar, now } = earnContext(value)
    return [{ event, calendar, now }]
  }
  const decisionGiven = (value: EarnCase) => [earnContext(value)]
  const taskGiven = (value: EarnCase) => {
    const { event, acts, others, ...context } = earnContext(value)
    return [context]
  }
  type Run = (...given: readonly unknown[]) => unknown
  const operation = (
    name: string,
    run: unknown,
    given: (value: EarnCaseOfAll) => readonly unknown[],
  ): Operation<EarnCaseOfAll>[] =>
    typeof run === 'function'
      ? [{ name, given, call: (copy) => (run as Run).apply(plugin, [...copy]) }]
      : []

  return [
    ...operation('once', plugin.once, nameGiven),
    ...operation('asks', plugin.asks, nameGiven),
    ...operation('leadsTo', plugin.leadsTo, ({ memory }) => [structuredClone(memory)]),
    ...operation('decide', plugin.decide, decisionGiven),
    ...operation('items', plugin.items, decisionGiven),
    ...operation('tasks', plugin.tasks, taskGiven),
    ...operation('behaviours', plugin.behaviours, ({ settings }) => [structuredClone(settings)]),
    ...operation('join', plugin.join, (value) => [joinContext(value)]),
    ...operation('returns.without', returns?.without.bind(returns), ({ event, taken }) =>
      structuredClone([event, taken]),
    ),
    ...operation('returns.key', returns && keysOf(returns), ({ taken }) =>
      structuredClone([taken]),
    ),
    ...operation('reacts', reacts && followed(reacts), (value) => [reactContext(value)]),
  ]
}

function keysOf(returns: { key(taken: unknown): string }) {
  return (taken: readonly unknown[]) => taken.map((it) => returns.key(it))
}

function followed(reacts: { with(context: ReactContext<unknown, unknown>): unknown }) {
  return (context: ReactContext<unknown, unknown> | null) => (context ? reacts.with(context) : [])
}

export function joinContext(value: EarnCaseOfAll): JoinContext<unknown> {
  const { calendar, now } = earnContext(value)
  return {
    from: { ids: ['m-8', 'm-9'], memory: structuredClone(value.otherMemory) },
    into: { ids: [value.member.id], memory: structuredClone(value.memory) },
    calendar,
    now,
  }
}

/** Null: there is nothing that it follows. */
export function reactContext(value: EarnCaseOfAll): ReactContext<unknown, unknown> | null {
  const { event, acts, others, ...context } = earnContext(value)
  const { followed: act, happened } = value
  return act && { ...context, happened, act: structuredClone(act) }
}
