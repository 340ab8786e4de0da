import type { Calendar } from '@pointwell/plugin'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import {
  type BudgetInForce,
  campaignBudget,
  departmentBudget,
  programmeBudget,
  reserveOf,
} from './budget-in-force.js'
import type { Budget } from './budget-section.js'
import { allCountersOf, usedOf } from './budget-shards.js'
import { budgetEnds, budgetSpan } from './budget-span.js'

/** A budget and what became of it. Whole points. */
export interface BudgetState {
  readonly scope: 'programme' | 'campaign' | 'department'
  /** Which campaign or department; null: the programme. */
  readonly id: string | null
  /** `2026-01`, `2026-Q1`, `2026`, or null: dates of its own, or for a campaign's whole life. */
  readonly period: string | null
  /** Epoch milliseconds. */
  readonly from: number
  readonly until: number
  readonly points: number
  readonly used: number
  readonly left: number
  /** What is kept for campaigns; null: not the programme's. */
  readonly reserve: number | null
  /** What may still be earned outside of campaigns; null: not the programme's. */
  readonly leftForOrdinary: number | null
}

type FindCounters = (ids: readonly string[]) => Promise<ReadonlyMap<string, number>>

/** Every budget of the policy at a moment, with what was taken from it so far: the programme's, the
 * departments', the campaigns'. One statement, however many there are. */
export async function readBudgets(
  findCounters: FindCounters,
  { policy, at }: { policy: PolicyInForce; at: number },
): Promise<readonly BudgetState[]> {
  const moment = { policy, now: at }
  const { programme, departments, reservePercent } = policy.document.budgets
  const { calendar } = policy
  const planned: (Planned | undefined)[] = []
  if (programme) {
    planned.push({
      scope: 'programme',
      id: null,
      span: spanOf(programme, { at, calendar }),
      budget: programmeBudget(programme, 'programme', moment),
      ordinary: programmeBudget(programme, 'ordinary', moment),
    })
  }
  for (const [id, budget] of Object.entries(departments)) {
    planned.push({
      scope: 'department',
      id,
      span: spanOf(budget, { at, calendar }),
      budget: departmentBudget({ department: id }, moment),
    })
  }
  for (const campaign of policy.document.campaigns) {
    planned.push({
      scope: 'campaign',
      id: campaign.id,
      span: { key: '', from: Date.parse(campaign.from), until: Date.parse(campaign.until) },
      budget: campaignBudget(campaign, moment),
    })
  }
  const found = planned.filter((it): it is Whole => it?.budget !== undefined && !!it.span)
  const names = found.flatMap(({ budget, ordinary }) => [budget.name, ordinary?.name ?? []].flat())
  const counters = await findCounters(names.flatMap(allCountersOf))
  const leftOf = ({ name, limit }: BudgetInForce) =>
    Math.max(0, limit - usedOf(counters, name).used)
  return found.map(({ scope, id, span, budget, ordinary }) => ({
    scope,
    id,
    period: periodName(span.key),
    from: span.from,
    until: span.until,
    points: budget.limit,
    used: usedOf(counters, budget.name).used,
    left: leftOf(budget),
    reserve: ordinary ? reserveOf(budget.limit, reservePercent) : null,
    leftForOrdinary: ordinary ? Math.min(leftOf(budget), leftOf(ordinary)) : null,
  }))
}

interface Planned {
  readonly scope: BudgetState['scope']
  readonly id: string | null
  readonly span: { readonly key: string; readonly from: number; readonly until: number } | undefined
  readonly budget: BudgetInForce | undefined
  readonly ordinary?: BudgetInForce | undefined
}
type Whole = Planned & {
  readonly span: NonNullable<Planned['span']>
  readonly budget: BudgetInForce
}

function spanOf(budget: Budget, moment: { at: number; calendar: Calendar }): Planned['span'] {
  const span = budgetSpan(budget, moment)
  const ends = budgetEnds(budget, moment)
  return span && ends && { key: span.key, ...ends }
}

function periodName(key: string): string | null {
  switch (key[0]) {
    case 'M':
    case 'Y':
      return key.slice(1)
    case 'Q':
      return key.slice(1).replace('-', '-Q')
    default:
      return null
  }
}
