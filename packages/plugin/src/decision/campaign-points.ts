import type { Step } from '@pointwell/ledger'
import createBig from 'big.js'
import type { MemberFacts } from '../contract/plugin.js'
import { step } from './step.js'

/** What open campaigns add to some points (E11): their factors multiplied, rounded down once, then
 * their extra points, `most` in all where it is given. What earns nothing gets nothing on top. */
export function campaignPoints(
  points: number,
  campaigns: MemberFacts['campaigns'],
  { most = Infinity }: { readonly most?: number } = {},
): { readonly points: number; readonly steps: readonly Step[] } {
  if (points === 0 || campaigns.length === 0) return { points, steps: [] }
  const factor = campaigns.reduce((product, it) => product.times(it.multiplier), createBig(1))
  const extra = campaigns.reduce((sum, { extraPoints }) => sum + extraPoints, 0)
  const wanted = factor.times(points).round(0, createBig.roundDown).plus(extra).toNumber()
  const total = Math.min(wanted, most)
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
