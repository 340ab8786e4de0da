import type { Campaign } from '../policy/policy-document.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { Budget } from './budget-section.js'
import { budgetSpan } from './budget-span.js'

/** One budget as it holds at a moment. */
export interface BudgetInForce {
  /** What its counters are called by: `all:M2026-01`, `campaign:spring`. */
  readonly name: string
  /** Whole points. */
  readonly limit: number
  /** The policy that says so. */
  readonly version: number
  /** What a screen says of it. */
  readonly figures: {
    readonly budget: 'programme' | 'ordinary' | 'campaign' | 'department'
    readonly id?: string
    readonly period?: string
    readonly limit: number
  }
}

interface Moment {
  readonly policy: PolicyInForce
  /** When points are granted, epoch milliseconds: a period that is over spends nothing any more. */
  readonly now: number
}

/**
 * The budgets that points are taken from (E9): what is earned anyway from the programme's without
 * the reserve; what a campaign adds from its own, its department's and the whole of the programme's.
 */
export function budgetsFor(campaign: Campaign | null, moment: Moment): readonly BudgetInForce[] {
  const { programme } = moment.policy.document.budgets
  const all = programme ? [programmeBudget(programme, 'programme', moment)] : []
  const found = campaign
    ? [campaignBudget(campaign, moment), departmentBudget(campaign, moment), ...all]
    : [programme ? programmeBudget(programme, 'ordinary', moment) : undefined, ...all]
  return found.filter((it) => it !== undefined)
}

/** What of a budget is kept for campaigns. */
export function reserveOf(points: number, reservePercent: number): number {
  return Number((BigInt(points) * BigInt(reservePercent) + 99n) / 100n)
}

export function programmeBudget(
  budget: Budget,
  scope: 'programme' | 'ordinary',
  { policy, now }: Moment,
): BudgetInForce | undefined {
  const span = budgetSpan(budget, { at: now, calendar: policy.calendar })
  if (!span) return undefined
  const { reservePercent } = policy.document.budgets
  const limit =
    scope === 'programme' ? span.points : span.points - reserveOf(span.points, reservePercent)
  const name = scope === 'programme' ? `all:${span.key}` : `ordinary:${span.key}`
  const figures = { budget: scope, period: span.key, limit } as const
  return { name, limit, version: policy.version, figures }
}

export function campaignBudget(
  { id }: Pick<Campaign, 'id'>,
  { policy }: Moment,
): BudgetInForce | undefined {
  // As it is now: an event that was kept for a while may have met an older one.
  const limit = policy.document.campaigns.find((it) => it.id === id)?.budget ?? null
  if (limit === null) return undefined
  const figures = { budget: 'campaign', id, limit } as const
  return { name: `campaign:${id}`, limit, version: policy.version, figures }
}

export function departmentBudget(
  { department: id }: Pick<Campaign, 'department'>,
  { policy, now }: Moment,
): BudgetInForce | undefined {
  const { departments } = policy.document.budgets
  if (id === null || !Object.hasOwn(departments, id)) return undefined
  const span = budgetSpan(departments[id]!, { at: now, calendar: policy.calendar })
  if (!span) return undefined
  const { key: period, points: limit } = span
  const figures = { budget: 'department', id, period, limit } as const
  return { name: `department:${id}:${period}`, limit, version: policy.version, figures }
}
