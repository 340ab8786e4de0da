import { SLOTS } from './slot-offers.js'
import type { Step } from './steps.js'

/** A step, by whom, and with which offers. */
export interface Placed {
  readonly step: Step
  readonly member: string
  readonly slot: number
}

/** So many ways the ledger writes side by side on MySQL, by the wallet's number (docs/decisions/store.md). */
const LANES = 4

/**
 * Groups of steps at which one server can stand at the same time: each saga has offers of its own, and no two
 * that stop the ledger stop the same way through it. What does not stop the ledger comes first in a group.
 */
export function packSteps(
  steps: readonly Step[],
  {
    members,
    sideBySide,
  }: { readonly members: ReadonlyMap<string, number>; readonly sideBySide: boolean },
): Placed[][] {
  const free = [...members]
  /** `null`: whatever lane comes. */
  const takeMember = (lane: number | null) => {
    const place = lane === null ? 0 : free.findIndex(([, wallet]) => wallet % LANES === lane)
    if (place < 0) throw new Error(`No member is left whose wallet goes by lane ${lane}.`)
    return free.splice(place, 1)[0]![0]
  }
  const groups: Step[][] = []
  for (const step of steps) {
    const isAlone = !sideBySide || step.isAlone
    const group = isAlone ? undefined : groups.find((some) => fits(step, some))
    if (group) group.push(step)
    else groups.push([step])
  }
  return groups.map((group) => {
    const ordered = [...group.filter((it) => !it.isLedger), ...group.filter((it) => it.isLedger)]
    let lane = 0
    return ordered.map((step, slot) => ({
      step,
      slot,
      member: takeMember(group.length === 1 ? null : step.isLedger ? lane++ : slot % LANES),
    }))
  })
}

function fits(step: Step, group: readonly Step[]): boolean {
  const ofLedger = group.filter(({ isLedger }) => isLedger).length
  const isTaken = group.some((it) => it.isAlone)
  if (isTaken || group.length >= SLOTS) return false
  return step.isLedger ? ofLedger < LANES : group.length - ofLedger < SLOTS - LANES
}
