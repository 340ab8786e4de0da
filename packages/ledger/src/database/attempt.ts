import type { DatabaseLogger } from './database.js'
import { isRetryable } from './faults.js'
import { StoreConflict } from './store-conflict.js'

export interface AttemptOptions {
  readonly attempts: number
  readonly pause: (attempt: number) => Promise<void>
  readonly logger: DatabaseLogger | undefined
}

/** Runs `work` until it goes through; a fault that no fresh attempt mends comes out as it is. */
export async function attempt<T>(
  work: () => Promise<T>,
  { attempts, pause, logger }: AttemptOptions,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await work()
    } catch (fault) {
      if (!isRetryable(fault)) throw fault
      if (n >= attempts) throw conflict(fault, n)
      logger?.warn({ attempt: n, fault: messageOf(fault) }, 'a database conflict is tried again')
      await pause(n + 1)
    }
  }
}

export function pauseBefore(attempt: number): Promise<void> {
  const mostMs = Math.min(200, 5 * 2 ** attempt)
  return new Promise((resolve) => setTimeout(resolve, Math.random() * mostMs))
}

function conflict(fault: unknown, attempts: number): StoreConflict {
  const times = attempts === 1 ? '' : ` ${attempts} times`
  return new StoreConflict(`rolled back${times}: ${messageOf(fault)}`, { cause: fault })
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}
