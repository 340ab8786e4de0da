import {
  type EarnSource,
  PluginFault,
  type PluginWatch,
  runTasks,
  type Task,
} from '@pointwell/plugin'
import createBig from 'big.js'
import type { BudgetState } from '../budget/budget-state.js'
import { type RoomLeft, roomLeft } from '../caps/room-left.js'
import { memberShare } from '../earning/member-share.js'
import { readMemory } from '../earning/read-memory.js'
import { type MemberProfile, memberFacts } from '../member/member-facts.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import type { Readings } from '../plugin-list/open-readings.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { type BudgetRoom, budgetRoom } from './budget-room.js'

/** A task, and what the programme's caps leave of it; nothing where a budget is used up. */
export interface MemberTask extends Task {
  readonly source: string
  readonly room: RoomLeft
}

export interface TaskFacts {
  readonly sources: readonly EarnSource[]
  readonly member: MemberProfile
  readonly memo: ProgrammeMemo
  readonly policy: PolicyInForce
  /** As they are now. */
  readonly budgets: readonly BudgetState[]
  /** Epoch milliseconds. */
  readonly now: number
  readonly readings: Readings
  readonly watch?: PluginWatch | undefined
}

/**
 * What a member can earn by now, from all sources (E14): first beginners' tasks, then what earns
 * something, then what does not for now; in each in the order of the sources. A source that is at fault is
 * left out, and its fault is told.
 */
export async function readTasks(facts: TaskFacts): Promise<MemberTask[]> {
  const all = await Promise.all(facts.sources.map((source) => tasksOf(source, facts)))
  return all.flat().sort((a, b) => placeOf(a) - placeOf(b))
}

async function tasksOf(source: EarnSource, facts: TaskFacts): Promise<MemberTask[]> {
  const { readings, watch } = facts
  try {
    const asked = { plugin: source, operation: 'tasks', watch }
    return await readings.readSoon(asked, () => tell(source, facts))
  } catch (fault) {
    if (fault instanceof PluginFault) return []
    throw fault
  }
}

function tell(
  source: EarnSource,
  { member, memo, policy, budgets, now, watch }: TaskFacts,
): MemberTask[] {
  const { document, calendar } = policy
  const isOrder = source.scope === 'programme'
  const facts = memberFacts(member, { policy, memo, at: now, source: source.id, isOrder })
  const stored = Object.hasOwn(memo.sources, source.id) ? memo.sources[source.id] : undefined
  const tasks = runTasks(
    source,
    {
      memory: readMemory(source, stored, watch),
      settings: document.sources[source.id]?.settings,
      member: facts,
      calendar,
      now,
      currency: document.programme.currency,
    },
    watch && { watch },
  )
  const { campaigns, staff, tier } = facts
  const budget = budgetRoom(budgets, { campaigns, document })
  const share = (points: number) =>
    memberShare(document, { points, source: source.id, staff, overLinked: member.overLinked })
  return tasks.map((task) => {
    const caps = roomLeft(document, {
      source: source.id,
      behaviour: task.behaviour,
      isOrder,
      tier: tier.id,
      date: calendar.dateOf(now),
      calendar,
      counters: memo.caps,
    })
    return {
      ...task,
      points: task.points === null ? null : share(task.points).points,
      ...(task.rate !== undefined && { rate: shareOfRate(task.rate, share(1).rate) }),
      source: source.id,
      room: within(caps, budget),
    }
  })
}

/**
 * What caps leave. How much is left of a budget is the operator's business and no member's: of one that is
 * used up it shows that nothing is left. Where both leave nothing, the one that lasts longer counts.
 */
function within(caps: RoomLeft, budget: BudgetRoom): RoomLeft {
  if (budget.points !== 0) return caps
  const points = 0
  const isOver = caps.points === 0 || caps.orders === 0
  if (!isOver) return { ...caps, points, againAt: budget.againAt }
  const waits = [caps.againAt, budget.againAt]
  const againAt = waits.includes(null) ? null : Math.max(...(waits as number[]))
  return { ...caps, points, againAt }
}

function shareOfRate(rate: string, share: string): string {
  return share === '1' ? rate : createBig(rate).times(share).toFixed()
}

function placeOf({ done, beginner, room, points, rate }: MemberTask): number {
  const isWorthNothing =
    points === 0 || (points === null && rate !== undefined && Number(rate) === 0)
  if (done || isWorthNothing || room.points === 0 || room.orders === 0) return 2
  return beginner ? 0 : 1
}

/** When it earns again, where it does not now; epoch milliseconds, null: now, or never. */
export function againAt({ done, againAt: own = null, room }: MemberTask): number | null {
  const isOver = room.points === 0 || room.orders === 0
  const waits = [...(done ? [own] : []), ...(isOver ? [room.againAt] : [])]
  // One that never comes again outlasts all.
  return waits.length === 0 || waits.includes(null) ? null : Math.max(...(waits as number[]))
}
