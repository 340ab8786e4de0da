import type { Draft, Step } from '@pointwell/ledger'
import type { GrantPart } from '../campaign/grant-parts.js'
import type { Campaign } from '../policy/policy-document.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { budgetsFor } from './budget-in-force.js'
import { countersOf, roomFor, takeFrom } from './budget-shards.js'

/** By what points are taken from budgets. */
export interface Issuing {
  /** In force now. */
  readonly policy: PolicyInForce
  /** Epoch milliseconds. */
  readonly now: number
  readonly shard: number
}

export interface Budgeted {
  readonly parts: readonly GrantPart[]
  /** What each budget did not have (E9, L9). */
  readonly steps: readonly Step[]
}

/** Takes a grant's parts from the budgets that pay for them; what they do not have is not granted. */
export function withinBudgets(
  draft: Draft,
  parts: readonly GrantPart[],
  { policy, now, shard }: Issuing,
): Budgeted {
  const steps: Step[] = []
  const paid = parts.map((part) => {
    const budgets = part.points === 0 ? [] : budgetsFor(part.campaign, { policy, now })
    if (budgets.length === 0) return part
    let { points } = part
    for (const budget of budgets) {
      const room = roomFor(draft, budget, { shard, wanted: points })
      if (room < points) {
        steps.push({ step: 'budget', points: room - points, figures: { ...budget.figures } })
      }
      points = room
    }
    for (const { name } of points === 0 ? [] : budgets) takeFrom(draft, name, { shard, points })
    const extra = Math.min(part.extra, points)
    return { ...part, points, extra, budgets: budgets.map(({ name }) => name) }
  })
  return { parts: paid, steps }
}

/** The counters that a grant will look at: those of the ordinary budgets, and of `campaigns`, which may
 * be more than it turns out to have. */
export function budgetCounters(
  { policy, now, shard }: Issuing,
  campaigns: readonly Campaign[],
): readonly string[] {
  const payers = [null, ...campaigns]
  const names = payers.flatMap((it) => budgetsFor(it, { policy, now }).map(({ name }) => name))
  return [...new Set(names)].flatMap((name) => countersOf(name, shard))
}
