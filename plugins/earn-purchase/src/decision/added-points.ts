import { inTurn } from '@pointwell/plugin'
import type { Big } from 'big.js'
import { exact, ONE, ZERO } from './exact.js'
import { orderRates, type RateFacts } from './order-rates.js'

/** What one campaign added to an order: whole points, more than 0. */
export interface AddedPoints {
  readonly id: string
  readonly points: Big
  /** What of them does not go down with the goods. */
  readonly extra: Big
}

/**
 * What each campaign added (E11): what the order earns with it less what it earns without it and those
 * after it. `pointsWith`: the order's whole points when all rates together are `factor`, and campaigns
 * add `extra`. Whole by whole, so that the parts sum to the whole though it is rounded once.
 */
export function addedPoints(
  facts: RateFacts,
  pointsWith: (factor: Big, extra: Big) => Big,
): readonly AddedPoints[] {
  const campaigns = inTurn(facts.member.campaigns)
  if (campaigns.length === 0) return []
  let factor = orderRates(facts)
    .filter(({ step }) => step !== 'campaign')
    .reduce((product, { rate }) => product.times(rate), ONE)
  let extras = ZERO
  let before = pointsWith(factor, extras)
  const added: AddedPoints[] = []
  for (const { id, multiplier, extraPoints } of campaigns) {
    factor = factor.times(multiplier)
    extras = extras.plus(extraPoints)
    const after = pointsWith(factor, extras)
    const points = after.minus(before)
    before = after
    if (points.lte(0)) continue
    const extra = exact(extraPoints)
    added.push({ id, points, extra: extra.gt(points) ? points : extra })
  }
  return added
}
