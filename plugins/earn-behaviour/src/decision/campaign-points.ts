import { type MemberFacts, type Step, step } from '@pointwell/plugin'
import createBig from 'big.js'
import { MOST_POINTS } from '../settings/behaviour-settings.js'

/** What open campaigns add to some points (E11): their factors multiplied, rounded down once, then
 * their extra points, `MOST_POINTS` at most. What earns nothing gets nothing on top. */
export function campaignPoints(
  points: number,
  campaigns: MemberFacts['campaigns'],
): { readonly points: number; readonly steps: readonly Step[] } {
  if (points === 0 || campaigns.length === 0) return { points, steps: [] }
  const factor = campaigns.reduce((product, it) => product.times(it.multiplier), createBig(1))
  const extra = campaigns.reduce((sum, { extraPoints }) => sum + extraPoints, 0)
  const wanted = factor.times(points).round(0, createBig.roundDown).plus(extra).toNumber()
  const total = Math.min(wanted, MOST_POINTS)
  const figures = {
    campaigns: campaigns.map(({ id, multiplier, extraPoints }) => ({
      id,
      rate: multiplier,
      points: extraPoints,
    })),
  }
  return {
    points: total,
    steps: total === points ? [] : [step('campaign', total - points, figures)],
  }
}
