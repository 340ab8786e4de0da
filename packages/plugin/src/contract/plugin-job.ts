import type { PluginStore } from './plugin.js'
import type { ProgramFacade } from './request-context.js'
import type { Words } from './words.js'

/**
 * Work that a plugin has to do by itself, now and then: what a server that died left half done, what comes
 * due. On one of any number of servers at a time; but a server that stalls may overlap with the next, so
 * that each step must be safe to be done twice. Operators see it among the jobs as `plugin:name`.
 */
export interface PluginJob {
  /** Lower-case words joined by hyphens, at most 20 characters; one of the plugin's own jobs only. */
  readonly name: string
  readonly title: Words
  /** From the end of a run to the start of the next, milliseconds, at least 1,000. */
  readonly everyMs: number
  /** Answers with what an operator reads of it. Throws where all of it failed: it is tried again at its next
   * time, and the operator sees why. */
  run(context: PluginJobContext): Promise<string>
}

export interface PluginJobContext {
  readonly program: ProgramFacade
  /** Where the plugin's own tables are. */
  readonly store: PluginStore
  /** Epoch milliseconds, when the run began. */
  readonly now: number
  /** Aborted when the server shuts down, when another server has it, and when it has run for a minute: stop
   * at the next whole step, and leave the rest to the next run. */
  readonly signal: AbortSignal
  /** Tells of one thing that failed, where it goes on with the others. */
  readonly report: (what: string, fault: unknown) => void
}
