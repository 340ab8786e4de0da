import type { CampaignPoints } from '@pointwell/plugin'
import type { Campaign } from '../policy/policy-document.js'

/** Points of a grant that somebody pays for: what the event earns anyway, and what each campaign
 * adds. */
export interface GrantPart {
  /** Null: earned anyway. */
  readonly campaign: Campaign | null
  /** Whole points. */
  readonly points: number
  /** What of them does not go down with the goods of the event. */
  readonly extra: number
  /** Names of the budgets that they were taken from (E9). */
  readonly budgets?: readonly string[]
}

/** A grant in its parts, the ordinary one first. What is said to be of a campaign that is not open for the
 * member is the source's own. */
export function grantParts(
  { points, campaigns }: { points: number; campaigns: readonly CampaignPoints[] },
  open: readonly Campaign[],
): readonly GrantPart[] {
  const added: GrantPart[] = []
  let rest = points
  for (const { id, points: more, extra } of campaigns) {
    const campaign = open.find((it) => it.id === id)
    if (!campaign) continue
    added.push({ campaign, points: more, extra })
    rest -= more
  }
  return [{ campaign: null, points: rest, extra: 0 }, ...added]
}

/** Whether what a campaign adds is a lot of its own: where it has terms of its own, or its cost is
 * counted apart. */
export function hasOwnLot({ kind, expiry, budget, department }: Campaign): boolean {
  return [kind, expiry, budget, department].some((it) => it !== null)
}
