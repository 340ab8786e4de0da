import { exact } from '@pointwell/economy'
import type { Step } from '@pointwell/ledger'
import type { CampaignFacts } from '@pointwell/plugin'

/** For a time, what a member does earns by a factor, because of a card (R9). */
export interface Boost {
  /** Names it among all there are: who gave it, to which wallet, and the key. */
  readonly name: string
  /** A decimal above 1: `1.5`. */
  readonly factor: string
  /** Epoch milliseconds; `until` is the first instant after it. */
  readonly from: number
  readonly until: number
  /** Ids of sources; null: orders, whichever source takes them. */
  readonly sources: readonly string[] | null
  /** For how many acts it counts yet; null: for all in its time. One that is used up stays, for an order
   * that comes back gives it back. */
  readonly left: number | null
}

/** What is about to earn. */
export interface BoostedAct {
  /** When it happened, epoch milliseconds. */
  readonly at: number
  readonly source: string
  /** Absent: it is not. */
  readonly isOrder?: boolean | undefined
}

/** No campaign's id has this in it: what a boost adds is never taken for what a campaign of the policy
 * adds, and so it is the source's own, of its kind and from the budgets of what is earned anyway. */
const MARK = 'boost:'

/** Of several at once the strongest counts, of two as strong the one that ends first. */
export function boostAt(list: readonly Boost[], act: BoostedAct): Boost | null {
  let strongest: Boost | null = null
  for (const it of list) {
    if (isFor(it, act) && (strongest === null || isBefore(it, strongest))) strongest = it
  }
  return strongest
}

/** As a decision sees it: one more campaign, the last. */
export function boostFacts(list: readonly Boost[], act: BoostedAct): CampaignFacts[] {
  const boost = boostAt(list, act)
  return boost ? [{ id: MARK + giverOf(boost), multiplier: boost.factor, extraPoints: 0 }] : []
}

/** What the decision's campaigns did not add is told as what it is. */
export function tellBoosts(steps: readonly Step[]): readonly Step[] {
  return steps.map((it) => {
    const { campaign, ...figures } = it.figures ?? {}
    return typeof campaign === 'string' && campaign.startsWith(MARK)
      ? { ...it, step: 'boost', figures: { by: campaign.slice(MARK.length), ...figures } }
      : it
  })
}

/** One less to count for, or one more where the act came back. */
export function countBoost(
  list: readonly Boost[],
  name: string | undefined,
  by: 1 | -1,
): readonly Boost[] {
  if (name === undefined) return list
  return list.map((it) =>
    it.name === name && it.left !== null ? { ...it, left: it.left + by } : it,
  )
}

/** A plugin's id has no colon in it. */
export function boostName(
  wallet: number,
  { source, key }: { readonly source: string; readonly key: string },
): string {
  return `${source}:${wallet}:${key}`
}

function giverOf({ name }: Boost): string {
  return name.slice(0, name.indexOf(':'))
}

function isFor({ from, until, sources, left }: Boost, act: BoostedAct): boolean {
  if (from > act.at || act.at >= until || left === 0) return false
  return sources === null ? act.isOrder === true : sources.includes(act.source)
}

/** What counts for a number of acts waits, where what counts for all in its time is as strong. */
function isBefore(one: Boost, other: Boost): boolean {
  const factors = exact(one.factor).cmp(other.factor)
  if (factors !== 0) return factors > 0
  if ((one.left === null) !== (other.left === null)) return one.left === null
  return one.until < other.until
}
