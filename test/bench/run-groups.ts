import type { BenchContext } from './bench-context.js'
import { endStarted } from './process/started.js'
import type { Row } from './report/row.js'

export type Group = (context: BenchContext) => Promise<Row[]>

export interface Ran {
  readonly rows: readonly Row[]
  /** What could not be measured: `posting on sqlite`. */
  readonly failed: readonly string[]
}

/**
 * Measures group after group, each on one store after the other. What cannot be measured is said with its
 * fault and its processes are ended, and the rest is measured all the same.
 */
export async function runGroups(
  groups: Readonly<Record<string, Group>>,
  context: BenchContext,
): Promise<Ran> {
  const rows: Row[] = []
  const failed: string[] = []
  for (const [name, group] of Object.entries(groups)) {
    for (const store of context.stores) {
      try {
        rows.push(...(await group({ ...context, stores: [store] })))
      } catch (fault) {
        failed.push(`${name} on ${store}`)
        context.say(
          `${name} on ${store} failed: ${fault instanceof Error ? fault.stack : String(fault)}`,
        )
      } finally {
        await endStarted()
      }
    }
  }
  return { rows, failed }
}
