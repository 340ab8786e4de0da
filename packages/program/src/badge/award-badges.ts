import type { Deeds } from '../deeds/deeds.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { doneFor, neededFor } from './badge-progress.js'
import type { HeldBadge, HeldBadges } from './held-badge.js'

export interface Awarded {
  readonly badges: HeldBadges
  readonly earned: readonly string[]
  readonly lost: readonly string[]
}

/**
 * The badges that a member has after something changed (M7). One is earned once, when its goal is met.
 * One is lost when a return takes back what it was earned by, as it was then: never because the
 * operator changed the list.
 */
export function awardBadges(
  held: HeldBadges,
  { deeds, policy, at }: { deeds: Deeds; policy: PolicyInForce; at: number },
): Awarded {
  const { document, version } = policy
  const kept = Object.entries(held).filter(([, it]) => doneFor(it.goal, deeds) >= it.needed)
  const lost = Object.keys(held).filter((id) => !kept.some(([name]) => name === id))
  const badges: Record<string, HeldBadge> = Object.fromEntries(kept)
  const earned: string[] = []
  for (const { id, active, goal } of document.badges) {
    if (!active || Object.hasOwn(badges, id)) continue
    const needed = neededFor(goal, document.programme.currency)
    if (doneFor(goal, deeds) < needed) continue
    badges[id] = { at, policyVersion: version, goal, needed }
    // Lowered since it was earned, it is earned by the new goal in the same breath.
    if (!lost.includes(id)) earned.push(id)
  }
  return { badges, earned, lost: lost.filter((id) => !Object.hasOwn(badges, id)) }
}

/** Whether a badge asks for a tag of a source: only such ones are counted. */
export function isAskedFor(
  { document: { badges } }: Pick<PolicyInForce, 'document'>,
  source: string,
): (tag: string) => boolean {
  const tags = new Set(
    badges.flatMap(({ goal }) =>
      goal.type === 'acts' && goal.source === source && goal.tag !== null ? [goal.tag] : [],
    ),
  )
  return (tag) => tags.has(tag)
}
