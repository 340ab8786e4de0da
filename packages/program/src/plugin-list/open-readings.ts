import { DeadlineExceeded, joinWave, withDeadline } from '@pointwell/ledger'
import { type Asked, READING_MS, readWithin } from './name-hung-plugin.js'

/** So many share a deadline: few enough to be far from it, and not to hold up the event loop. */
const MOST = 64

interface Reading {
  readonly asked: Asked
  readonly read: () => unknown
  readonly settle: (outcome: Outcome) => void
}
type Outcome = { readonly value: unknown } | { readonly fault: unknown }

export interface Readings {
  /** As `readWithin`, a moment later. `read` may be run twice, so it has no other effects. */
  readSoon<T>(asked: Asked, read: () => T): Promise<T>
}

/**
 * A deadline costs more than what it guards: the machine starts a thread to watch, and waits for its end,
 * which on a busy machine is long. So whatever is to be read in one turn of the event loop is read
 * under one deadline. Where it is exceeded, the one at fault is found by reading it alone.
 */
export function openReadings(): Readings {
  const waiting: Reading[] = []

  return {
    // Of a request that reads in waves, all of them are one answer to wait for, in however many turns.
    readSoon: (asked, read) => joinWave(() => readInTurn(asked, read)),
  }

  function readInTurn<T>(asked: Asked, read: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(readSome)
      waiting.push({
        asked,
        read,
        settle: (outcome) =>
          'fault' in outcome ? reject(outcome.fault) : resolve(outcome.value as T),
      })
    })
  }

  function readSome(): void {
    const some = waiting.splice(0, MOST)
    if (waiting.length > 0) setImmediate(readSome)
    const outcomes = readAll(some)
    const [hung, ...rest] = some.slice(outcomes.length)
    for (const [place, outcome] of outcomes.entries()) some[place]!.settle(outcome)
    if (!hung) return
    hung.settle(outcomeOf(() => readWithin(hung.asked, hung.read)))
    if (rest.length > 0 && waiting.length === 0) setImmediate(readSome)
    waiting.unshift(...rest)
  }
}

/** What came of each, up to the one that did not come to an end. */
function readAll(some: readonly Reading[]): Outcome[] {
  const outcomes: Outcome[] = []
  try {
    withDeadline(() => {
      for (const { read } of some) outcomes.push(outcomeOf(read))
    }, READING_MS)
  } catch (fault) {
    if (!(fault instanceof DeadlineExceeded)) throw fault
  }
  return outcomes
}

function outcomeOf(read: () => unknown): Outcome {
  try {
    return { value: read() }
  } catch (fault) {
    return { fault }
  }
}
