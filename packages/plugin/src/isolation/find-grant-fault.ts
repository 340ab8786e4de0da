import { termSchema } from '../schema/term.js'
import { findJsonFault } from './find-json-fault.js'
import { isInstant } from './find-refusal-fault.js'
import { findStepsFault, isWhole, show } from './find-steps-fault.js'

/** A member's memory is read and written with every posting of the wallet: it stays small. */
const MEMORY_CHARACTERS = 8_192
const DETAILS_CHARACTERS = 262_144
const MOST_TAGS = 200

/** What is wrong with a grant; undefined when nothing is. Takes anything. */
export function findGrantFault(wanted: unknown): string | undefined {
  if (typeof wanted !== 'object' || wanted === null) return `it answered with ${show(wanted)}`
  const grant = wanted as Record<string, unknown>
  if (!isWhole(grant.points)) {
    return `it would grant ${show(grant.points)} points, which is not a whole number from 0 to 2^53−1`
  }
  return (
    findStepsFault(grant.because, grant.points) ??
    findCampaignsFault(grant.campaigns, grant.points) ??
    findTermsFault(grant) ??
    findDeedFault(grant) ??
    findDocumentFault('memory', grant.memory, MEMORY_CHARACTERS) ??
    findDocumentFault('details', grant.details, DETAILS_CHARACTERS)
  )
}

function findCampaignsFault(campaigns: unknown, points: number): string | undefined {
  if (campaigns === undefined) return undefined
  if (!Array.isArray(campaigns)) return 'its campaigns are not a list'
  let sum = 0
  for (const [place, campaign] of campaigns.entries()) {
    const { id, points: added, extra } = (campaign ?? {}) as Record<string, unknown>
    if (typeof id !== 'string' || id === '') return `campaigns.${place} has no id`
    if (!isWhole(added) || added === 0) return `campaigns.${place} adds ${show(added)} points`
    if (!isWhole(extra) || extra > added)
      return `campaigns.${place} has ${show(extra)} extra points of ${added}`
    sum += added
  }
  return sum > points
    ? `its campaigns would add ${sum} points, and it would grant ${points}`
    : undefined
}

function findTermsFault(grant: Record<string, unknown>): string | undefined {
  const { at, kind, expiry, core, behaviour, pending, claimMs, qualifyingMinor, streak } = grant
  if (!isInstant(at)) return `it happened at ${show(at)}, which is not an instant in milliseconds`
  if (kind !== undefined && (typeof kind !== 'string' || kind === ''))
    return 'its kind is not a word'
  if (expiry !== undefined && !termSchema.safeParse(expiry).success)
    return 'its expiry is not a term'
  if (core !== undefined && typeof core !== 'boolean') return 'its core is neither true nor false'
  if (behaviour !== undefined && (typeof behaviour !== 'string' || behaviour === ''))
    return 'its behaviour is not a word'
  if (pending !== undefined) {
    if (typeof pending !== 'object' || pending === null) return 'its pending is not an object'
    const { confirmAt } = pending as { confirmAt?: unknown }
    if (confirmAt !== null && !isInstant(confirmAt)) {
      return `its pending.confirmAt is ${show(confirmAt)}, neither null nor an instant in milliseconds`
    }
  }
  if (claimMs !== undefined && claimMs !== null && !(isWhole(claimMs) && claimMs > 0)) {
    return `its claimMs is ${show(claimMs)}, neither null nor a time in milliseconds`
  }
  if (qualifyingMinor !== undefined && !isWhole(qualifyingMinor)) {
    return `its qualifyingMinor is ${show(qualifyingMinor)}, not a whole number of minor units`
  }
  if (streak !== undefined && !isWhole(streak)) {
    return `its streak is ${show(streak)}, not a whole number of days`
  }
  return undefined
}

function findDeedFault({ tags, streak }: Record<string, unknown>): string | undefined {
  if (streak !== undefined && !isWhole(streak)) {
    return `its streak is ${show(streak)}, not a whole number`
  }
  if (tags === undefined) return undefined
  if (!Array.isArray(tags) || tags.length > MOST_TAGS) {
    return `its tags are not a list of at most ${MOST_TAGS}`
  }
  const isTag = (tag: unknown) => typeof tag === 'string' && tag !== '' && tag.length <= 64
  return tags.every(isTag) ? undefined : 'its tags are not texts of 1 to 64 characters'
}

function findDocumentFault(name: string, value: unknown, characters: number): string | undefined {
  if (value === undefined) return undefined
  const fault = findJsonFault(value, name)
  if (fault) return fault
  const size = JSON.stringify(value).length
  return size > characters
    ? `its ${name} is ${size} characters of JSON, more than ${characters}`
    : undefined
}
