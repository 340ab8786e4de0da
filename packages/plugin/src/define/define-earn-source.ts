import { type ZodObject, type ZodType, z } from 'zod'
import type { EarnSource } from '../contract/plugin.js'
import { assertPluginShape } from './assert-plugin-shape.js'

/** A source as its author writes it: `memory` and `scope` may be left out. */
export type EarnSourceDefinition<
  Settings extends ZodType,
  Event extends ZodType,
  Memory extends ZodType,
  Return,
> = Omit<EarnSource<Settings, Event, Memory, Return>, 'kind' | 'memory' | 'scope'> & {
  /** Absent: the source remembers nothing of a member. */
  readonly memory?: Memory
  /** Absent: `member`. */
  readonly scope?: 'member' | 'programme'
}

type NoMemory = ZodObject<Record<never, never>>

/**
 * Makes an earn source (G1). Types of settings, event, memory and return come from the schemas.
 * Throws TypeError naming every fault of its shape.
 */
export function defineEarnSource<
  Settings extends ZodType,
  Event extends ZodType,
  Memory extends ZodType = NoMemory,
  Return = never,
>(
  definition: EarnSourceDefinition<Settings, Event, Memory, Return>,
): EarnSource<Settings, Event, Memory, Return> {
  const source = {
    ...definition,
    kind: 'earn-source' as const,
    memory: definition.memory ?? (z.object({}) as ZodType as Memory),
    scope: definition.scope ?? 'member',
  }
  assertPluginShape(source)
  return Object.freeze(source)
}
