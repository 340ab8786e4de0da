import type { Timers } from '../clock/timers.js'

/** What must hold before a server takes requests, by name; one that rejects does not hold. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>

export interface Readiness {
  readonly ready: boolean
  /** `ok`, or why not, for each check. */
  readonly checks: Readonly<Record<string, string>>
}

/** Runs all checks side by side; one that takes longer than `timeoutMs` does not hold. */
export async function checkReadiness({
  checks,
  timers,
  timeoutMs = 2_000,
  onFault,
}: {
  checks: ReadinessChecks
  timers: Timers
  timeoutMs?: number
  onFault: (name: string, fault: unknown) => void
}): Promise<Readiness> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, string]> => {
      try {
        await withinTime(check(), timers, timeoutMs)
        return [name, 'ok']
      } catch (fault) {
        // Why goes to the log: an address of a database is nothing for a prober to read.
        onFault(name, fault)
        return [name, 'failed']
      }
    }),
  )
  return {
    ready: answers.every(([, answer]) => answer === 'ok'),
    checks: Object.fromEntries(answers),
  }
}

function withinTime<T>(work: Promise<T>, timers: Timers, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(timeoutMs, () =>
      reject(new Error(`No answer within ${timeoutMs} ms.`)),
    )
    work.then(resolve, reject).finally(cancel)
  })
}
