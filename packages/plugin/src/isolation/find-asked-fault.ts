import { findKeyFault } from './find-key-fault.js'

/** Each is read for every event of the source: few enough for a batch of 500 to stay a handful of reads. */
const MOST_ASKED = 20

/** What is wrong with what a source asks for; undefined when nothing is. */
export function findAskedFault(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return 'it asked for nothing that can be read'
  const { acts = [], members = [], line } = answer as Record<string, unknown>
  if (!isShortList(acts)) return `its acts are not a list of at most ${MOST_ASKED}`
  if (!isShortList(members)) return `its members are not a list of at most ${MOST_ASKED}`
  if (!acts.every(isAct)) return 'an act it asks for has no source and key'
  if (!members.every(isText)) return 'a member it asks for is not named by a text'
  if (line !== undefined && !isText(line)) return 'the line it asks for does not begin with a text'
  return undefined
}

function isShortList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= MOST_ASKED
}

function isAct(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { source, once, memberId } = value as Record<string, unknown>
  return (
    isText(source) &&
    findKeyFault(once) === undefined &&
    (memberId === undefined || isText(memberId))
  )
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
