import fc, { type Arbitrary } from 'fast-check'
import type { ZodType } from 'zod'
import { openCalendar } from '../../calendar/open-calendar.js'
import type { Calendar, DecisionContext, MemberFacts } from '../../contract/plugin.js'
import { currencyArbitrary } from '../arbitrary/builder-arbitrary.js'
import { CannotMake } from '../arbitrary/cannot-make.js'
import { type MakingOptions, schemaArbitrary } from '../arbitrary/schema-arbitrary.js'
import { nowArbitrary } from '../arbitrary/time-arbitraries.js'
import { madeOnce, type Session } from '../run/session.js'
import { memberArbitrary, memberIds } from './member-arbitrary.js'

/** What every decision is given, as plain values. */
export interface DecisionCase {
  readonly settings: unknown
  readonly member: MemberFacts
  readonly now: number
  readonly zone: string
  readonly currency: string
}

const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York', 'Pacific/Apia'] as const
const calendars = new Map<string, Calendar>(ZONES.map((zone) => [zone, openCalendar(zone)]))

/** Cases that differ in nothing but what is of no plugin in particular. */
export function decisionCases(session: Session): Arbitrary<DecisionCase> {
  return fc.record({
    settings: madeOnce(session, 'settings', () => settingsArbitrary(session)),
    member: memberArbitrary(memberIds()),
    now: nowArbitrary(),
    zone: fc.constantFrom(...ZONES),
    currency: currencyArbitrary(),
  })
}

/** A context of its own: what a plugin does to it, no other call sees. */
export function decisionContext({
  settings,
  member,
  now,
  zone,
  currency,
}: DecisionCase): DecisionContext<unknown> {
  return {
    settings: structuredClone(settings),
    member: structuredClone(member),
    calendar: calendars.get(zone)!,
    now,
    currency,
  }
}

/** Values as a schema makes them of what somebody sends. Throws `CannotMake`. */
export function parsedArbitrary(
  schema: ZodType,
  options: MakingOptions,
  examples: readonly unknown[] = [],
): Arbitrary<unknown> {
  const made = schemaArbitrary(schema, options)
  const inputs =
    examples.length === 0
      ? made
      : fc.oneof(made, { arbitrary: fc.constantFrom(...examples), weight: 1 })
  const parsed = (value: unknown) => {
    try {
      return schema.safeParse(value)
    } catch {
      return { success: false as const, data: undefined }
    }
  }
  if (!fc.sample(inputs, { numRuns: 100, seed: 1 }).some((it) => parsed(it).success)) {
    throw new CannotMake(options.path, 'of 100 values its schema takes none')
  }
  return inputs
    .map(parsed)
    .filter(({ success }) => success)
    .map(({ data }) => data)
}

/** Default settings, random ones, and those that the author wants tried. */
function settingsArbitrary(session: Session): Arbitrary<unknown> {
  const { plugin, options } = session
  const kinds: Arbitrary<unknown>[] = []
  const defaults = attempt(() => plugin.settings.safeParse({}))
  if (defaults?.success) kinds.push(fc.constant(defaults.data))
  for (const given of options.settings ?? []) kinds.push(fc.constant(plugin.settings.parse(given)))
  try {
    kinds.push(parsedArbitrary(plugin.settings, makingOptions(session, 'settings')))
  } catch (error) {
    if (kinds.length === 0 || !(error instanceof CannotMake)) throw error
  }
  return fc.oneof(...kinds)
}

export function makingOptions({ options }: Session, path: string): MakingOptions {
  return { path, ...(options.arbitraries && { arbitraries: options.arbitraries }) }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
