import { findJsonFault } from './find-json-fault.js'
import { findKeyFault } from './find-key-fault.js'

/** One act sets off so many postings at most: one for each line of the longest order. */
const MOST_REACTIONS = 1_000

/** What is wrong with what a source does about an act; undefined when nothing is. */
export function findReactionFault(answer: unknown): string | undefined {
  if (!Array.isArray(answer) || answer.length > MOST_REACTIONS) {
    return `its reactions are not a list of at most ${MOST_REACTIONS}`
  }
  for (const [place, reaction] of answer.entries()) {
    const fault = findFaultOf(reaction, `reaction ${place}`)
    if (fault) return fault
  }
  return undefined
}

function findFaultOf(reaction: unknown, name: string): string | undefined {
  const { earn, cancel } = asRecord(reaction)
  if ((earn === undefined) === (cancel === undefined)) {
    return `${name} is neither something to earn nor something to cancel`
  }
  const { memberId, event, once } = asRecord(earn ?? cancel)
  if (typeof memberId !== 'string' || memberId === '') return `${name} names no member`
  if (earn !== undefined) return findJsonFault(event, `the event of ${name}`)
  return findKeyFault(once) === undefined ? undefined : `${name} names no event to cancel`
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
