import type { Period } from '../period/period-of.js'
import type { BehaviourMemory, Tally } from './behaviour-memory.js'

const NOTHING: Tally = [0, 0]

/** What a member did of a behaviour in a period; null: ever. */
export function findTally(
  { done }: Pick<BehaviourMemory, 'done'>,
  id: string,
  period: Period | null,
): Tally {
  const own = Object.hasOwn(done, id) ? done[id] : undefined
  if (!own) return NOTHING
  return period ? (own.periods[period.key] ?? NOTHING) : own.ever
}
