import { findStepsFault, isWhole, show } from './find-steps-fault.js'

/** What is wrong with what a channel awards (R12); undefined when nothing is. Takes anything. */
export function findAwardFault(award: unknown): string | undefined {
  if (typeof award !== 'object' || award === null) return `its award is ${show(award)}`
  const { points, kind, because } = award as Record<string, unknown>
  if (!isWhole(points) || points === 0) {
    return `it would award ${show(points)} points, which is not a whole number from 1 to 2^53−1`
  }
  if (kind !== undefined && (typeof kind !== 'string' || kind === '')) {
    return 'the kind of its award is not a word'
  }
  const fault = findStepsFault(because, points)
  return fault && `of its award: ${fault}`
}
