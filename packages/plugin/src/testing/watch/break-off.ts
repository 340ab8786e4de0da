import { Script } from 'node:vm'

/** Work that was to be quick did not come back in its time, and was broken off. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff'
}

const WORK = Symbol.for('pointwell.conformance-kit')
const work = globalThis as unknown as Record<symbol, (() => void) | undefined>
const script = new Script(`globalThis[Symbol.for('pointwell.conformance-kit')]()`)

/**
 * Runs synchronous work, and breaks it off after `deadlineMs` even out of an endless loop: what the server
 * does to a batch (`withDeadline` of the ledger, of which this package takes types alone).
 */
export function breakOff<T>(run: () => T, deadlineMs: number): T {
  if (work[WORK]) return run()
  let result: { value: T } | undefined
  work[WORK] = () => {
    result = { value: run() }
  }
  try {
    script.runInThisContext({ timeout: deadlineMs })
  } catch (fault) {
    if ((fault as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw fault
    throw new BrokenOff(`broken off after ${deadlineMs} ms`)
  } finally {
    work[WORK] = undefined
  }
  return result!.value
}
