import fc, { type Arbitrary } from 'fast-check'
import type { Asked, AskedFor } from '../../contract/asked.js'
import type { EarnedRecord } from '../../contract/earned-record.js'
import type { EarnContext, EarnSource, OtherMember } from '../../contract/plugin.js'
import { findAskedFault } from '../../isolation/find-asked-fault.js'
import { wholeArbitrary } from '../arbitrary/number-arbitraries.js'
import {
  type DecisionCase,
  decisionCases,
  decisionContext,
  makingOptions,
  parsedArbitrary,
} from '../decision/decision-case.js'
import { memberArbitrary, memberIds } from '../decision/member-arbitrary.js'
import { madeOnce, type Session } from '../run/session.js'
import { observe } from '../watch/observe.js'
import type { EarnSourceOptions } from './earn-options.js'

export type EarnSession = Session<EarnSource, EarnSourceOptions<never, never>>

/** What a decision of a source is given, as plain values. */
export interface EarnCase extends DecisionCase {
  readonly event: unknown
  readonly memory: unknown
  readonly acts: readonly (EarnedRecord | null)[]
  readonly others: readonly (OtherMember | null)[]
}

/** What is made up so that it can be found again where it does not belong. */
export interface Planted {
  /** Ids of the event's own member. */
  readonly ids?: Arbitrary<string>
  /** Texts of the event, where they may be any. */
  readonly event?: Arbitrary<string>
  /** Ids, identities and memories of other members. */
  readonly others?: Arbitrary<string>
}

/** Events with all that their decision is given. Throws `CannotMake`. */
export function earnCases(session: EarnSession, planted: Planted = {}): Arbitrary<EarnCase> {
  const events = planted.event
    ? parsedArbitrary(session.plugin.event, {
        ...makingOptions(session, 'event'),
        tokens: planted.event,
      })
    : eventArbitrary(session)
  const others = otherArbitrary(session, planted.others)
  const memories = memoryArbitrary(session)
  return decisionCases(session)
    .chain((base) =>
      fc.record({
        base: fc.constant(base),
        member: planted.ids ? memberArbitrary(planted.ids) : fc.constant(base.member),
        event: events,
        before: fc.array(events, { maxLength: 4 }),
        memory: memories,
      }),
    )
    .map(({ base, member, event, before, memory }) => {
      const value = { ...base, member, event, memory, acts: [], others: [] }
      return { ...value, memory: memoryAfter(session, value, before) }
    })
    .chain((value) => withAsked(session, value, others))
}

/** A context of its own, as the server makes it. */
export function earnContext(value: EarnCase): EarnContext<unknown, unknown, unknown> {
  const { event, memory, acts, others } = value
  return { ...decisionContext(value), ...structuredClone({ event, memory, acts, others }) }
}

/** What a source may remember: nothing yet, or whatever its schema takes. */
export function memoryArbitrary(
  session: EarnSession,
  tokens?: Arbitrary<string>,
): Arbitrary<unknown> {
  const { memory } = session.plugin
  const options = makingOptions(session, 'memory')
  if (tokens) return parsedArbitrary(memory, { ...options, tokens })
  return madeOnce(session, 'memory', () => {
    const first = memory.safeParse({})
    const any = parsedArbitrary(memory, options)
    return first.success ? fc.oneof(fc.constant(first.data), any) : any
  })
}

/** Events as the source's schema makes them. */
function eventArbitrary(session: EarnSession): Arbitrary<unknown> {
  const { plugin, options } = session
  return madeOnce(session, 'event', () =>
    parsedArbitrary(plugin.event, makingOptions(session, 'event'), options.events),
  )
}

/** The memory that some events leave, one after the other. */
function memoryAfter(session: EarnSession, value: EarnCase, events: readonly unknown[]): unknown {
  let { memory } = value
  for (const event of events) {
    const context = earnContext({ ...value, event, memory })
    const seen = observe(session, 'decide', () => session.plugin.decide(context))
    if (seen.outcome !== 'answered' || typeof seen.answer !== 'object') continue
    const { memory: left } = (seen.answer ?? {}) as { memory?: unknown }
    const read = left === undefined ? undefined : readMemory(session, left)
    if (read?.success) memory = read.data
  }
  return memory
}

function readMemory({ plugin }: EarnSession, memory: unknown) {
  try {
    return plugin.memory.safeParse(structuredClone(memory))
  } catch {
    return undefined
  }
}

/** A case with what its event asks for: there, or not. */
function withAsked(
  session: EarnSession,
  value: EarnCase,
  others: Arbitrary<OtherMember>,
): Arbitrary<EarnCase> {
  const { acts, members, line } = askedBy(session, value)
  const own = value.member.id
  const kept = acts.map((asked) =>
    fc.option(
      recordArbitrary({
        memberId: asked.memberId ?? own,
        once: asked.once,
        event: actArbitrary(session, asked, value.event),
      }),
      { freq: 8 },
    ),
  )
  const named = members.map((id) =>
    fc.option(
      others.map((it) => calledAlso(it, id)),
      { freq: 8 },
    ),
  )
  const followed = line === undefined ? fc.constant([]) : fc.array(others, { maxLength: 3 })
  return fc
    .record({ acts: fc.tuple(...kept), named: fc.tuple(...named), followed })
    .map(({ acts: seen, named: known, followed: raw }) => ({
      ...value,
      acts: seen,
      others: [...known, ...lineOf(session, line ?? '', raw)],
    }))
}

/** Members in a line: each is the one whom that before it leads to. */
function lineOf(
  session: EarnSession,
  first: string,
  raw: readonly OtherMember[],
): readonly OtherMember[] {
  const { plugin } = session
  const line: OtherMember[] = []
  let id: unknown = first
  for (const other of raw) {
    if (typeof id !== 'string') break
    line.push(calledAlso(other, id))
    const seen = observe(session, 'leadsTo', () => plugin.leadsTo?.(structuredClone(other.memory)))
    id = seen.outcome === 'answered' ? seen.answer : null
  }
  return line
}

function askedBy(session: EarnSession, { event, zone, now, ...rest }: EarnCase): AskedFor {
  const { plugin } = session
  const { calendar } = decisionContext({ zone, now, ...rest })
  const seen = observe(session, 'asks', () =>
    plugin.asks?.({ event: structuredClone(event), calendar, now }),
  )
  if (seen.outcome !== 'answered' || findAskedFault(seen.answer)) return { acts: [], members: [] }
  const { acts = [], members = [], line } = seen.answer as Asked
  return { acts, members, ...(line !== undefined && { line }) }
}

/** Events of a source, as they are kept: its own, or what the author says of others. */
export function actArbitrary(
  session: EarnSession,
  asked: { readonly source: string; readonly once: string },
  event?: unknown,
): Arbitrary<unknown> {
  const { plugin, options } = session
  if (options.acts) return options.acts(asked, event as never)
  if (asked.source !== plugin.id) return fc.constant({})
  return eventArbitrary(session)
}

/** What is kept of an event. */
export function recordArbitrary({
  memberId,
  once,
  event,
}: {
  readonly memberId: string
  readonly once: string
  readonly event: Arbitrary<unknown>
}): Arbitrary<EarnedRecord> {
  return fc
    .record({
      event,
      status: fc.constantFrom('confirmed', 'confirmed', 'confirmed', 'pending', 'cancelled'),
      granted: wholeArbitrary({ min: 0, max: 1_000_000 }),
      back: wholeArbitrary({ min: 0, max: 1_000_000 }),
    })
    .map(({ back, ...it }) => ({
      memberId,
      once,
      ...it,
      standing: it.status === 'cancelled' ? 0 : Math.max(0, it.granted - back),
      returns: [],
    }))
}

function otherArbitrary(session: EarnSession, tokens?: Arbitrary<string>): Arbitrary<OtherMember> {
  return fc.record({
    facts: memberArbitrary(tokens ?? memberIds()),
    memory: memoryArbitrary(session, tokens),
    identities: fc.array(
      fc.record({ kind: fc.constantFrom('card', 'phone', 'email'), value: tokens ?? fc.string() }),
      { minLength: tokens ? 1 : 0, maxLength: 3 },
    ),
  })
}

/** The member that was asked for: by its id, or by one that it had before it was merged. */
function calledAlso(other: OtherMember, id: string): OtherMember {
  const { facts } = other
  return { ...other, facts: { ...facts, formerIds: [...(facts.formerIds ?? []), id] } }
}
