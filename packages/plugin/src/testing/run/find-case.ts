import fc, { type Arbitrary, type RunDetails } from 'fast-check'
import { BrokenOff, breakOff } from '../watch/break-off.js'
import { endWatch } from '../watch/watch-impurity.js'
import type { Found } from './finding.js'
import type { Session } from './session.js'

/** However slow a plugin is, a check ends. */
const MOST_MS = 5_000
/** What all cases of a check together take where nothing is wrong. */
const QUICK_MS = 3_000

class Fault extends Error {}

/** Looks for a case that a judge finds fault with, and makes it short unless told not to. */
export function findCase<T>(
  session: Pick<Session, 'runs' | 'options'>,
  cases: Arbitrary<T>,
  judge: (value: T) => string | undefined,
): Found {
  const property = fc.property(cases, (value) => {
    const fault = judge(value)
    if (fault !== undefined) throw new Fault(fault)
  })
  const search = () => foundIn(fc.check(property, parametersOf(session)))
  try {
    // One deadline round all cases: one round each call takes longer than most calls do.
    return breakOff(search, QUICK_MS)
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error
    endWatch()
    return search()
  }
}

/** The same of a judge that waits. */
export async function findCaseOf<T>(
  session: Pick<Session, 'runs' | 'options'>,
  cases: Arbitrary<T>,
  judge: (value: T) => Promise<string | undefined>,
): Promise<Found> {
  const property = fc.asyncProperty(cases, async (value) => {
    const fault = await judge(value)
    if (fault !== undefined) throw new Fault(fault)
  })
  return foundIn(await fc.check(property, parametersOf(session)))
}

function parametersOf({
  runs,
  options: { seed, shorten = true },
}: Pick<Session, 'runs' | 'options'>) {
  return {
    numRuns: runs,
    interruptAfterTimeLimit: MOST_MS,
    endOnFailure: !shorten,
    ...(seed !== undefined && { seed }),
  }
}

function foundIn<T>(details: RunDetails<[T]>): Found {
  const { failed, counterexample, errorInstance, seed } = details
  if (!failed || counterexample === null) return undefined
  if (!(errorInstance instanceof Fault)) throw errorInstance
  return { fault: errorInstance.message, example: { ...asObject(counterexample[0]), seed } }
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value }
}
