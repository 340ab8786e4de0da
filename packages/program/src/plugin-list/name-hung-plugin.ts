import { DeadlineExceeded, DecisionHung, withDeadline } from '@pointwell/ledger'
import { failPlugin, type PluginFault, type PluginWatch } from '@pointwell/plugin'

/** Longest that a plugin's reading of one input may take, milliseconds. */
export const READING_MS = 1_000

/** Which plugin is asked for what, and who is told when it fails. */
export interface Asked {
  readonly plugin: { readonly id: string }
  readonly operation: string
  readonly watch?: PluginWatch | undefined
}

/** Synchronous work of a plugin (its schemas, its keys), broken off when it does not end (G4). */
export function readWithin<T>(asked: Asked, read: () => T): T {
  try {
    return withDeadline(read, READING_MS)
  } catch (fault) {
    throw fault instanceof DeadlineExceeded ? timedOut(asked, fault) : fault
  }
}

/** A posting whose decision is a plugin's: when the ledger had to break it off, the plugin is named. */
export async function postFor<T>(asked: Asked, posting: Promise<T>): Promise<T> {
  try {
    return await posting
  } catch (fault) {
    throw fault instanceof DecisionHung ? timedOut(asked, fault) : fault
  }
}

function timedOut({ plugin, operation, watch }: Asked, cause: unknown): PluginFault {
  return failPlugin(watch, {
    plugin: plugin.id,
    operation,
    reason: 'timed-out',
    fault: 'it did not come to an end and was broken off',
    cause,
  })
}
