import type { Step } from '@pointwell/ledger'
import createBig from 'big.js'
import type { CampaignFacts, CampaignPoints, MemberFacts } from '../contract/plugin.js'
import { step } from './step.js'

/**
 * What open campaigns add to some points (E11): their factors multiplied, rounded down once, then
 * their extra points, `most` in all where it is given; each campaign with a step of its own. What
 * earns nothing gets nothing on top.
 */
export function campaignPoints(
  points: number,
  campaigns: MemberFacts['campaigns'],
  { most = Infinity }: { readonly most?: number } = {},
): {
  readonly points: number
  readonly steps: readonly Step[]
  /** For the grant: what of `points` each of them added. */
  readonly campaigns: readonly CampaignPoints[]
} {
  const steps: Step[] = []
  const added: CampaignPoints[] = []
  let total = points
  let factor = createBig(1)
  let extras = createBig(0)
  for (const { id, multiplier, extraPoints: extra } of points === 0 ? [] : inTurn(campaigns)) {
    factor = factor.times(multiplier)
    extras = extras.plus(extra)
    const wanted = factor.times(points).round(0, createBig.roundDown).plus(extras)
    const after = Math.min(wanted.toNumber(), most)
    const more = after - total
    total = after
    if (more !== 0)
      steps.push(step('campaign', more, { campaign: id, rate: multiplier, points: extra }))
    if (more > 0) added.push({ id, points: more, extra: Math.min(extra, more) })
  }
  return { points: total, steps, campaigns: withinPoints(added, total) }
}

/** What campaigns added, no more than there is: one that takes everything leaves nothing of another's. */
export function withinPoints(
  campaigns: readonly CampaignPoints[],
  points: number,
): readonly CampaignPoints[] {
  const sum = campaigns.reduce((all, it) => all + it.points, 0)
  return sum > points ? cutCampaigns(campaigns, sum - points) : campaigns
}

/** The order in which campaigns count: those that lessen come first, so that they lessen what the member
 * earns anyway, and whatever another one adds is whole. */
export function inTurn(campaigns: MemberFacts['campaigns']): readonly CampaignFacts[] {
  const lessens = ({ multiplier }: CampaignFacts) => createBig(multiplier).lt(1)
  return campaigns.some(lessens)
    ? [...campaigns.filter(lessens), ...campaigns.filter((it) => !lessens(it))]
    : campaigns
}

/** What campaigns added, once `cut` points of the whole are not granted: the last one loses first, and
 * what the member earns anyway loses last. */
export function cutCampaigns(
  campaigns: readonly CampaignPoints[],
  cut: number,
): readonly CampaignPoints[] {
  let left = cut
  const kept: CampaignPoints[] = []
  for (const { id, points, extra } of [...campaigns].reverse()) {
    const rest = points - Math.min(points, left)
    left -= points - rest
    if (rest > 0) kept.unshift({ id, points: rest, extra: Math.min(extra, rest) })
  }
  return kept
}
