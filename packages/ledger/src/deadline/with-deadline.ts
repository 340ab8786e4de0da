import { Script } from 'node:vm'

/** Code that was to be quick did not come back in its time, and was broken off. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded'
}

const GATE = Symbol.for('pointwell.with-deadline')
const gate = globalThis as unknown as Record<symbol, (() => void) | undefined>
const script = new Script(`globalThis[Symbol.for('pointwell.with-deadline')]()`)

/**
 * Runs synchronous work, and breaks it off with `DeadlineExceeded` after `deadlineMs`, even out of an
 * endless loop. Nothing of the broken-off work runs on, not even its `finally`: what it was changing
 * must be thrown away. Costs some tens of microseconds, so one deadline covers a whole batch; work
 * within work is covered by the outer deadline.
 */
export function withDeadline<T>(work: () => T, deadlineMs: number): T {
  if (gate[GATE]) return work()
  let result: { value: T } | undefined
  gate[GATE] = () => {
    result = { value: work() }
  }
  try {
    script.runInThisContext({ timeout: deadlineMs })
  } catch (fault) {
    if ((fault as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw fault
    throw new DeadlineExceeded(`broken off after ${deadlineMs} ms`)
  } finally {
    gate[GATE] = undefined
  }
  return result!.value
}
