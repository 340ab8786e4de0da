import type { Step } from '@pointwell/ledger'
import { awardBadges } from '../badge/award-badges.js'
import { countWaitingDeeds, type Kept } from '../deeds/deeds.js'
import { withoutGone } from '../experiment/entered.js'
import { tierAt } from '../member/member-facts.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { noteTier } from '../tier/tier-changes.js'

/** How far back a member's orders are kept by day: as far as segments look. */
export function keptDays({ document, calendar }: PolicyInForce, now: number): Kept {
  return { today: calendar.dateOf(now), months: document.segments.rfm.windowMonths }
}

/** With what has confirmed by itself by now, as the next posting will find it. */
export function countDue(
  memo: ProgrammeMemo,
  { policy, now }: { policy: PolicyInForce; now: number },
): ProgrammeMemo {
  return { ...memo, deeds: countWaitingDeeds(memo.deeds, now, keptDays(policy, now)) }
}

/**
 * Where the member stands once its state is `memo`: badges earned and lost (M7), and a change of the
 * tier (M3). Each is a step without points, so that the transaction tells of it. Besides, experiments that
 * there are no more are forgotten.
 */
export function takeStock(
  memo: ProgrammeMemo,
  { policy, now }: { policy: PolicyInForce; now: number },
): { readonly memo: ProgrammeMemo; readonly steps: readonly Step[] } {
  const { deeds } = countDue(memo, { policy, now })
  const { badges, earned, lost } = awardBadges(memo.badges, { deeds, policy, at: now })
  const tierChanges = noteTier(memo.tierChanges, {
    to: tierAt(memo, { policy, at: now }).id,
    lowest: policy.document.tiers.levels[0]!.id,
    at: now,
  })
  const change = tierChanges === memo.tierChanges ? undefined : tierChanges.at(-1)
  const experiments = withoutGone(memo.experiments, policy)
  const badgeStep = (step: string) => (badge: string) => ({ step, points: 0, figures: { badge } })
  return {
    memo: { ...memo, deeds, badges, tierChanges, experiments },
    steps: [
      ...lost.map(badgeStep('badge-lost')),
      ...earned.map(badgeStep('badge-earned')),
      ...(change
        ? [{ step: 'tier-change', points: 0, figures: { from: change.from, to: change.to } }]
        : []),
    ],
  }
}
