import type { JoinContext } from '@pointwell/plugin'
import { MOST_POINTS_A_PERIOD } from '../settings/behaviour-settings.js'
import { type BehaviourMemory, type Done, MOST_COUNTED, type Tally } from './behaviour-memory.js'

const NOTHING: Tally = [0, 0]

/** What both did, added up; what one has forgotten is forgotten. */
export function joinMemories({ from, into }: JoinContext<BehaviourMemory>): BehaviourMemory {
  const [one, other] = [into.memory, from.memory]
  const ids = new Set([...Object.keys(one.done), ...Object.keys(other.done)])
  const [a, b] = [one.forgottenBefore, other.forgottenBefore]
  return {
    done: Object.fromEntries([...ids].map((id) => [id, joinDone(own(one, id), own(other, id))])),
    forgottenBefore: a === null || (b !== null && b > a) ? b : a,
  }
}

function own({ done }: BehaviourMemory, id: string): Done | undefined {
  return Object.hasOwn(done, id) ? done[id] : undefined
}

function joinDone(one: Done | undefined, other: Done | undefined): Done {
  const periods: Record<string, Tally> = { ...one?.periods }
  for (const [key, tally] of Object.entries(other?.periods ?? {})) {
    periods[key] = sum(periods[key] ?? NOTHING, tally)
  }
  return { ever: sum(one?.ever ?? NOTHING, other?.ever ?? NOTHING), periods }
}

function sum([times, points]: Tally, [more, morePoints]: Tally): Tally {
  return [Math.min(times + more, MOST_COUNTED), Math.min(points + morePoints, MOST_POINTS_A_PERIOD)]
}
