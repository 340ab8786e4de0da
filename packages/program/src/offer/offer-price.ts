import { ceilQuotient, exact, type Price, type PriceRefusal, priceOffer } from '@pointwell/economy'
import type { Step } from '@pointwell/ledger'
import { minorDigits } from '@pointwell/plugin'
import type { PolicyDocument, TierLevel } from '../policy/policy-document.js'
import type { OfferTerms } from './offer-terms.js'

export interface OfferPrice {
  /** What a member of this tier pays; whole points, ≥ 1. */
  readonly points: number
  /** What the formula says, before anything set by hand and before the tier. */
  readonly formulaPoints: number
  readonly steps: readonly Step[]
}

/** What an offer costs (R2): the formula by what a point is worth (X8), or the price set by hand; times
 * the tier's factor. */
export function offerPrice(
  offer: Pick<OfferTerms, 'price' | 'cashValue'>,
  {
    pricing,
    pointValue = '1',
    loop,
    tier,
  }: {
    pricing: PolicyDocument['pricing']
    /** What a point is worth (`pointValueAt`, `serving`); default 1, as to begin with. */
    pointValue?: string
    loop: 'open' | 'closed'
    tier: Pick<TierLevel, 'id' | 'priceFactor'>
  },
): OfferPrice | PriceRefusal {
  const { ratio, costRate, listPrice, largestDiscount, byHand } = offer.price
  const step = offer.price.step ?? pricing.step
  const price = priceOffer({
    cashValueMinor: offer.cashValue.amountMinor,
    currencyDigits: minorDigits(offer.cashValue.currency),
    ratio: ratio ?? (loop === 'open' ? pricing.openLoopRatio : pricing.closedLoopRatio),
    costRate,
    pointValue,
    ...(listPrice && { listPriceMinor: listPrice.amountMinor }),
    ...(largestDiscount && { largestDiscountMinor: largestDiscount.amountMinor }),
    step,
    ...(byHand !== null && { handPrice: byHand }),
  })
  if ('code' in price) return price
  return forTier(price, { tier, step: byHand === null ? step : 1 })
}

function forTier(
  { points, formulaPoints, steps }: Price,
  { tier, step }: { tier: Pick<TierLevel, 'id' | 'priceFactor'>; step: number },
): OfferPrice {
  const factored = exact(points).times(exact(tier.priceFactor))
  const rounded = ceilQuotient(factored, exact(step)).times(exact(step))
  const most = Math.min(rounded.toNumber(), Number.MAX_SAFE_INTEGER)
  // Nothing is free by a factor: whoever wants that gives it as a grant.
  const reduced = Math.max(1, most)
  const figures = { tier: tier.id, factor: tier.priceFactor }
  const byTier = reduced === points ? [] : [{ step: 'tier', points: reduced - points, figures }]
  return { points: reduced, formulaPoints, steps: [...steps, ...byTier] }
}
