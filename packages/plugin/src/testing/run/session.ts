import type { Plugin } from '../../contract/plugin.js'
import type { KitOptions } from './kit-options.js'

/** One run of the kit over one plugin. */
export interface Session<P extends Plugin = Plugin, Options extends KitOptions = KitOptions> {
  readonly plugin: P
  readonly options: Options
  readonly runs: number
  readonly deadlineMs: number
  readonly effectDeadlineMs: number
  /** What never came back, by operation: it is not called again, for each time costs the deadline. */
  readonly hung: Set<string>
  /** What was made once and is used by many checks. */
  readonly made: Map<string, unknown>
}

/** What a session makes once. */
export function madeOnce<T>({ made }: Pick<Session, 'made'>, name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make())
  return made.get(name) as T
}

export function openSession<P extends Plugin, Options extends KitOptions>(
  plugin: P,
  options: Options,
): Session<P, Options> {
  const { runs = 100, deadlineMs = 1_000, effectDeadlineMs = 2_000 } = options
  return { plugin, options, runs, deadlineMs, effectDeadlineMs, hung: new Set(), made: new Map() }
}
