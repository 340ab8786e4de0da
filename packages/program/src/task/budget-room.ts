import type { CampaignFacts } from '@pointwell/plugin'
import type { BudgetState } from '../budget/budget-state.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/** What budgets still let through. */
export interface BudgetRoom {
  /** Whole points; null: no budget says. */
  readonly points: number | null
  /** Where nothing is left: when the budget begins anew, epoch milliseconds; null: now, or never. */
  readonly againAt: number | null
}

/**
 * What a member's next act could still be granted (E9, E14): what is earned anyway stops before the
 * reserve, and what open campaigns add may use that too, as far as their own budgets go. A bound: of what
 * an act earns it is not known here how much campaigns add.
 */
export function budgetRoom(
  states: readonly BudgetState[],
  {
    campaigns,
    document,
  }: {
    /** Those open for the member and the source. */
    readonly campaigns: readonly Pick<CampaignFacts, 'id'>[]
    readonly document: Pick<PolicyDocument, 'campaigns'>
  },
): BudgetRoom {
  const all = states.find(({ scope }) => scope === 'programme')
  if (!all) return { points: null, againAt: null }
  const leftOf = (scope: BudgetState['scope'], id: string | null) =>
    states.find((it) => it.scope === scope && it.id === id)?.left ?? all.left
  const added = campaigns.reduce((sum, { id }) => {
    const campaign = document.campaigns.find((it) => it.id === id)
    // What a card adds is paid for like what is earned anyway.
    if (!campaign) return sum
    const { department } = campaign
    return sum + Math.min(leftOf('campaign', id), leftOf('department', department))
  }, 0)
  const points = Math.min(all.left, (all.leftForOrdinary ?? all.left) + added)
  return { points, againAt: points === 0 ? all.until : null }
}
