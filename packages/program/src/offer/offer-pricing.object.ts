import type { Money } from '@pointwell/plugin'
import { DecimalScalar, MoneyScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, Int, ObjectType } from 'type-graphql'
import type { Offer } from './offer-terms.js'

/** How prices come about (R2), for who sets them. */
export const PRICE_FORMULA =
  'Ratio × cash value × cost rate × list price ÷ (list price − largest discount), rounded up to the step.'

@ObjectType('StockFactor', {
  description: 'A step of the curve by which a price follows the stock.',
  simpleResolvers: true,
})
export class StockFactorType {
  @Field(() => DecimalScalar, {
    description: 'From when so much of the stock is left, or less: a share.',
  })
  leftAtMost!: string

  @Field(() => DecimalScalar, { description: 'The price is multiplied by it.' })
  factor!: string
}

@ObjectType('RegionFactor', {
  description: 'What a price is multiplied by in a region.',
  simpleResolvers: true,
})
export class RegionFactorType {
  @Field(() => String, { description: 'The region.' })
  region!: string

  @Field(() => DecimalScalar, { description: 'The price is multiplied by it.' })
  factor!: string
}

@ObjectType('TierFactor', {
  description: 'What a price is multiplied by for a tier.',
  simpleResolvers: true,
})
export class TierFactorType {
  @Field(() => String, { description: 'The tier.' })
  tier!: string

  @Field(() => DecimalScalar, { description: 'The price is multiplied by it.' })
  factor!: string
}

@ObjectType('VariantPrice', {
  description: 'What a price is for members in a variant of an experiment.',
  simpleResolvers: true,
})
export class VariantPriceType {
  @Field(() => String, { description: 'The variant.' })
  variant!: string

  @Field(() => DecimalScalar, { description: 'The price is multiplied by it.' })
  factor!: string

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Set by hand, instead of what the offer says; null: as the offer says.',
  })
  byHand!: number | null

  @Field(() => [StockFactorType], {
    nullable: true,
    description: 'By how much of the stock is left, instead of the offer’s curve; null: that one.',
  })
  byStock!: readonly StockFactorType[] | null
}

@ObjectType('PriceTrial', {
  description: 'An experiment on a price. Who is in none of these variants pays as ever.',
  simpleResolvers: true,
})
export class PriceTrialType {
  @Field(() => String, { description: 'The experiment, of the policy.' })
  experiment!: string

  @Field(() => [VariantPriceType], { description: 'What is otherwise, by variant.' })
  variants!: readonly VariantPriceType[]
}

type PriceTrial = NonNullable<Offer['price']['byExperiment']>

@ObjectType('OfferPricing', {
  description: `How an offer's price is made. ${PRICE_FORMULA}`,
  simpleResolvers: true,
})
export class OfferPricingType {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Points a major unit of money; null: what the policy says.',
  })
  ratio!: string | null

  @Field(() => DecimalScalar, { description: 'Share of the cash value that it costs: `1` is all.' })
  costRate!: string

  @Field(() => MoneyScalar, { nullable: true, description: 'What it is sold for.' })
  listPrice!: Money | null

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'The largest discount planned on the list price.',
  })
  largestDiscount!: Money | null

  @Field(() => Int, {
    nullable: true,
    description: 'Prices are rounded up to a multiple of so many points; null: the policy’s.',
  })
  step!: number | null

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'A price set by hand: it wins over the formula.',
  })
  byHand!: number | null

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'No change makes it cost less; null: the policy’s share of the price.',
  })
  floor!: number | null

  @Field(() => [StockFactorType], { description: 'By how much of the stock is left.' })
  byStock!: readonly StockFactorType[]

  @Field(() => [RegionFactorType], {
    nullable: true,
    description: 'By the member’s region; null: what the policy says.',
  })
  byRegion!: readonly RegionFactorType[] | null

  @Field(() => [TierFactorType], {
    nullable: true,
    description: 'By the member’s tier; null: the tier’s own factor.',
  })
  byTier!: readonly TierFactorType[] | null

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Factor for what a member redeems first; null: the policy’s.',
  })
  firstRedemption!: string | null

  @Field(() => PriceTrialType, {
    nullable: true,
    description: 'What an experiment tries on it; null: none.',
  })
  byExperiment!: PriceTrialType | null
}

function priceTrialType({ experiment, variants }: PriceTrial): PriceTrialType {
  return Object.assign(new PriceTrialType(), {
    experiment,
    variants: variants.map(({ byStock, ...it }) =>
      Object.assign(new VariantPriceType(), it, {
        byStock: byStock?.map((step) => Object.assign(new StockFactorType(), step)) ?? null,
      }),
    ),
  })
}

export function pricingType({
  byStock,
  byRegion,
  byTier,
  byExperiment,
  ...price
}: Offer['price']): OfferPricingType {
  return Object.assign(new OfferPricingType(), price, {
    byStock: byStock.map((it) => Object.assign(new StockFactorType(), it)),
    byRegion: byRegion?.map((it) => Object.assign(new RegionFactorType(), it)) ?? null,
    byTier: byTier?.map((it) => Object.assign(new TierFactorType(), it)) ?? null,
    byExperiment: byExperiment && priceTrialType(byExperiment),
  })
}
