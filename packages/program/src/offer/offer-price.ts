import {
  changePrice,
  exact,
  type Price,
  type PriceChange,
  type PriceRefusal,
  priceOffer,
} from '@pointwell/economy'
import type { Step } from '@pointwell/ledger'
import { minorDigits } from '@pointwell/plugin'
import type { Variants } from '../experiment/variants-of.js'
import type { PolicyDocument, TierLevel } from '../policy/policy-document.js'
import type { OfferTerms } from './offer-terms.js'

export interface OfferPrice {
  /** What this member pays; whole points, ≥ 1. */
  readonly points: number
  /** What the formula says, before anything set by hand and before what changes it. */
  readonly formulaPoints: number
  readonly steps: readonly Step[]
}

/** Whose price it is, and when. */
export interface Buyer {
  readonly tier: Pick<TierLevel, 'id' | 'priceFactor'>
  /** Null, or absent: nobody knows. */
  readonly region?: string | null
  /** The member has redeemed nothing that stands. */
  readonly isFirst?: boolean
  /** The variants whose terms it gets, by experiment; absent: none. */
  readonly variants?: Variants
  /** Usable points of the member's that run out soon (policy `pricing.expiring.days`). */
  readonly expiring?: number
}

export interface PricePlace extends Buyer {
  readonly pricing: PolicyDocument['pricing']
  /** What a point is worth (`pointValueAt`, `serving`); default 1, as to begin with. */
  readonly pointValue?: string
  readonly loop: 'open' | 'closed'
  /** How many of the offer's stock are redeemed and not given back; default: none. */
  readonly sold?: number
}

/** What of an offer its price is made of. */
export type Priced = Pick<OfferTerms, 'price' | 'cashValue' | 'stock'>

/** What an offer costs (R2): the formula by what a point is worth (X8), or the price set by hand; with
 * what changes it for this member at this moment (R3). */
export function offerPrice(offer: Priced, place: PricePlace): OfferPrice | PriceRefusal {
  const tried = inTrial(offer, place)
  const price = basePrice(tried, place)
  return 'code' in price ? price : changed(price, tried, place)
}

/** Whether its price may hang on what is left of the stock. */
export function followsStock({ price: { byStock, byExperiment } }: Pick<Priced, 'price'>): boolean {
  return byStock.length > 0 || (byExperiment?.variants.some((it) => it.byStock !== null) ?? false)
}

type Trial = NonNullable<OfferTerms['price']['byExperiment']>['variants'][number]

/** What the buyer's variant has otherwise (R3, T1). */
function trialOf(
  { price: { byExperiment } }: Pick<Priced, 'price'>,
  { variants = {} }: Pick<Buyer, 'variants'>,
): Trial | undefined {
  if (!byExperiment || !Object.hasOwn(variants, byExperiment.experiment)) return undefined
  const variant = variants[byExperiment.experiment]
  return byExperiment.variants.find((it) => it.variant === variant)
}

const triedTerms = new WeakMap<Trial, OfferTerms['price']>()

/** The offer as it is for the buyer's variant: what that sets by hand, and its curve, are instead of the
 * offer's own. The same terms are the same object. */
export function inTrial<P extends Priced>(offer: P, buyer: Pick<Buyer, 'variants'>): P {
  const trial = trialOf(offer, buyer)
  if (!trial || (trial.byHand === null && trial.byStock === null)) return offer
  let price = triedTerms.get(trial)
  if (!price) {
    const { byHand, byStock } = offer.price
    price = { ...offer.price, byHand: trial.byHand ?? byHand, byStock: trial.byStock ?? byStock }
    triedTerms.set(trial, price)
  }
  return { ...offer, price }
}

/** Before anything that hangs on the member or the stock. */
export function basePrice(
  { price: terms, cashValue }: Omit<Priced, 'stock'>,
  { pricing, pointValue = '1', loop }: Pick<PricePlace, 'pricing' | 'pointValue' | 'loop'>,
): Price | PriceRefusal {
  const { ratio, costRate, listPrice, largestDiscount, byHand } = terms
  return priceOffer({
    cashValueMinor: cashValue.amountMinor,
    currencyDigits: minorDigits(cashValue.currency),
    ratio: ratio ?? (loop === 'open' ? pricing.openLoopRatio : pricing.closedLoopRatio),
    costRate,
    pointValue,
    ...(listPrice && { listPriceMinor: listPrice.amountMinor }),
    ...(largestDiscount && { largestDiscountMinor: largestDiscount.amountMinor }),
    step: terms.step ?? pricing.step,
    ...(byHand !== null && { handPrice: byHand }),
  })
}

/** Whether more than the member's tier changes it. */
export function hangsOnMore(offer: Priced, place: PricePlace): boolean {
  const isDiscounted = offer.price.expiringDiscount && (place.expiring ?? 0) > 0
  return isDiscounted || changesOf(offer, place).length > 1
}

/** The same for this member at this moment. */
export function changed(base: Price, offer: Priced, place: PricePlace): OfferPrice {
  const { price: terms } = offer
  const { pricing, expiring = 0 } = place
  const { days, factor } = pricing.expiring
  const { points, steps } = changePrice({
    points: base.points,
    // What was set by hand knows no step.
    step: terms.byHand === null ? (terms.step ?? pricing.step) : 1,
    floor: floorOf(base, offer, pricing),
    changes: changesOf(offer, place),
    ...(terms.expiringDiscount && { expiring: { points: expiring, factor, figures: { days } } }),
  })
  return { points, formulaPoints: base.formulaPoints, steps: [...base.steps, ...steps] }
}

/** Nothing is free by a change: whoever wants that gives it as a grant. */
function floorOf(
  { points }: Price,
  { price: { floor } }: Priced,
  { floorShare }: PolicyDocument['pricing'],
): number {
  if (floor !== null) return floor
  const share = exact(points).times(exact(floorShare))
  const whole = share.round(0)
  return Math.max(1, whole.plus(whole.lt(share) ? 1 : 0).toNumber())
}

function changesOf(offer: Priced, place: PricePlace): PriceChange[] {
  const { price: terms } = offer
  const { tier, region = null, isFirst = false, pricing } = place
  const byTier = terms.byTier?.find((it) => it.tier === tier.id)?.factor ?? tier.priceFactor
  const changes: PriceChange[] = [{ step: 'tier', factor: byTier, figures: { tier: tier.id } }]
  const byRegion = region === null ? undefined : regionFactor(region, terms, pricing)
  if (region !== null && byRegion !== undefined && byRegion !== '1') {
    changes.push({ step: 'price-region', factor: byRegion, figures: { region } })
  }
  const byStock = stockChange(offer, place)
  if (byStock) changes.push(byStock)
  if (isFirst) {
    const factor = terms.firstRedemption ?? pricing.firstRedemption
    if (factor !== '1') changes.push({ step: 'first-redemption', factor, figures: {} })
  }
  const trial = trialOf(offer, place)
  if (trial && trial.factor !== '1') {
    const { factor, variant } = trial
    const figures = { experiment: terms.byExperiment!.experiment, variant }
    changes.push({ step: 'price-experiment', factor, figures })
  }
  return changes
}

function regionFactor(
  region: string,
  { byRegion }: OfferTerms['price'],
  { regions }: PolicyDocument['pricing'],
): string | undefined {
  if (byRegion) return byRegion.find((it) => it.region === region)?.factor
  return Object.hasOwn(regions, region) ? regions[region] : undefined
}

/** By the operator's curve: of the steps that what is left has come down to, the lowest. */
function stockChange(
  { price: { byStock }, stock: { total } }: Priced,
  { sold = 0 }: PricePlace,
): PriceChange | undefined {
  if (byStock.length === 0 || total === null || total === 0) return undefined
  const left = Math.max(0, total - sold)
  const step = byStock
    .filter(({ leftAtMost }) => exact(leftAtMost).times(total).gte(left))
    .reduce<(typeof byStock)[number] | undefined>(
      (lowest, it) => (lowest && exact(lowest.leftAtMost).lte(exact(it.leftAtMost)) ? lowest : it),
      undefined,
    )
  return step && { step: 'price-stock', factor: step.factor, figures: { left, total } }
}
