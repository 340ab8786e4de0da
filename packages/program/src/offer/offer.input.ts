import type { Money } from '@pointwell/plugin'
import {
  DateTimeScalar,
  DecimalScalar,
  JsonScalar,
  MoneyScalar,
  PointsScalar,
} from '@pointwell/plugin/graphql'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { CapPeriod } from '../policy/policy-sections.js'
import { WordsInput } from '../words/words.object.js'
import { PeriodEnum } from './offer.object.js'
import { PRICE_FORMULA } from './offer-pricing.object.js'
import type { NewOffer, OfferChange } from './offer-terms.js'

@InputType({ description: 'When an offer is open.' })
class OfferWindowInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'From here on.' })
  from?: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'Not from here on.' })
  until?: number | null
}

@InputType({ description: 'How many there are.' })
class OfferStockInput {
  @Field(() => PointsScalar, { nullable: true, description: 'In all; null: no bound.' })
  total?: number | null

  @Field(() => PointsScalar, { nullable: true, description: 'A day; null: no bound.' })
  perDay?: number | null
}

@InputType({ description: 'How often one member can redeem.' })
class OfferLimitInput {
  @Field(() => Int, { description: 'So many times.' })
  count!: number

  @Field(() => PeriodEnum, { description: 'In each of these.' })
  period!: CapPeriod
}

@InputType({ description: 'A step of the curve by which a price follows the stock.' })
class StockFactorInput {
  @Field(() => DecimalScalar, {
    description: 'From when so much of the stock is left, or less: a share, `0.2` is a fifth.',
  })
  leftAtMost!: string

  @Field(() => DecimalScalar, { description: 'The price is multiplied by it.' })
  factor!: string
}

@InputType({ description: 'What a price is multiplied by in a region.' })
class RegionFactorInput {
  @Field(() => String, { description: 'The region.' })
  region!: string

  @Field(() => DecimalScalar, { description: 'The price is multiplied by it.' })
  factor!: string
}

@InputType({ description: 'What a price is multiplied by for a tier.' })
class TierFactorInput {
  @Field(() => String, { description: 'The tier.' })
  tier!: string

  @Field(() => DecimalScalar, { description: 'The price is multiplied by it.' })
  factor!: string
}

@InputType({ description: 'What a price is for members in a variant of an experiment.' })
class VariantPriceInput {
  @Field(() => String, { description: 'The variant.' })
  variant!: string

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The price is multiplied by it; default: `1`.',
  })
  factor?: string | null

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Set by hand, instead of what the offer says; null: as the offer says.',
  })
  byHand?: number | null

  @Field(() => [StockFactorInput], {
    nullable: true,
    description:
      'By how much of the stock is left, instead of the offer’s curve; null: that one. Needs `stock.total`, unless it is empty.',
  })
  byStock?: StockFactorInput[] | null
}

@InputType({
  description: 'An experiment on a price. Who is in none of these variants pays as ever.',
})
class PriceTrialInput {
  @Field(() => String, { description: 'The experiment, of the policy.' })
  experiment!: string

  @Field(() => [VariantPriceInput], { description: 'What is otherwise, by variant.' })
  variants!: VariantPriceInput[]
}

@InputType({ description: `How an offer's price is made. ${PRICE_FORMULA}` })
class OfferPriceInput {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Points a major unit of money; default: what the policy says.',
  })
  ratio?: string | null

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Share of the cash value that it costs; default: `1`, all.',
  })
  costRate?: string | null

  @Field(() => MoneyScalar, { nullable: true, description: 'What it is sold for.' })
  listPrice?: Money | null

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'The largest discount planned on that.',
  })
  largestDiscount?: Money | null

  @Field(() => Int, {
    nullable: true,
    description: 'Rounded up to a multiple of so many points; default: the policy’s.',
  })
  step?: number | null

  @Field(() => PointsScalar, { nullable: true, description: 'Set by hand: wins over the formula.' })
  byHand?: number | null

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'No change makes it cost less; default: the policy’s share of the price.',
  })
  floor?: number | null

  @Field(() => [StockFactorInput], {
    nullable: true,
    description: 'By how much of the stock is left; needs `stock.total`. Default: no change.',
  })
  byStock?: StockFactorInput[] | null

  @Field(() => [RegionFactorInput], {
    nullable: true,
    description: 'By the member’s region; default: what the policy says.',
  })
  byRegion?: RegionFactorInput[] | null

  @Field(() => [TierFactorInput], {
    nullable: true,
    description: 'By the member’s tier, where it is another factor than the tier’s own.',
  })
  byTier?: TierFactorInput[] | null

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Factor for what a member redeems first; default: the policy’s.',
  })
  firstRedemption?: string | null

  @Field(() => PriceTrialInput, {
    nullable: true,
    description: 'What an experiment of the policy tries on it; null: nothing.',
  })
  byExperiment?: PriceTrialInput | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether what is paid with points that run out soon costs less (policy `pricing.expiring`); default: no.',
  })
  expiringDiscount?: boolean | null
}

@InputType({
  description:
    'What shares of the price can be paid in points; the rest is paid in money, as the same share of the cash value.',
})
class PointsAndCashInput {
  @Field(() => DecimalScalar, { nullable: true, description: 'The least; default: `0`.' })
  leastPointsShare?: string | null

  @Field(() => DecimalScalar, { nullable: true, description: 'The largest; default: `1`, all.' })
  mostPointsShare?: string | null
}

@InputType()
abstract class OfferTermsInput {
  @Field(() => WordsInput, { nullable: true, description: 'More about it.' })
  description?: WordsInput | null

  @Field(() => String, { nullable: true, description: 'An http(s) address.' })
  pictureUrl?: string | null

  @Field(() => OfferWindowInput, { nullable: true, description: 'Default: always open.' })
  window?: OfferWindowInput | null

  @Field(() => OfferStockInput, { nullable: true, description: 'Default: no bound.' })
  stock?: OfferStockInput | null

  @Field(() => OfferLimitInput, { nullable: true, description: 'Null: no limit.' })
  limitPerMember?: OfferLimitInput | null

  @Field(() => [String], { nullable: true, description: 'For these tiers; null: for all.' })
  tiers?: string[] | null

  @Field(() => [String], { nullable: true, description: 'For these segments; null: for all.' })
  segments?: string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'For members with one of these badges; null: for all.',
  })
  badges?: string[] | null

  @Field(() => [String], { nullable: true, description: 'In these regions; null: in all.' })
  regions?: string[] | null

  @Field(() => MoneyScalar, { nullable: true, description: 'What one costs the programme.' })
  cost?: Money | null

  @Field(() => OfferPriceInput, {
    nullable: true,
    description: 'Default: the formula at 100% cost.',
  })
  price?: OfferPriceInput | null

  @Field(() => PointsAndCashInput, {
    nullable: true,
    description: 'That a part of the price can be paid in money; null: in points alone.',
  })
  pointsAndCash?: PointsAndCashInput | null

  @Field(() => String, { nullable: true, description: 'The department or partner that pays.' })
  paidBy?: string | null

  @Field(() => JsonScalar, { nullable: true, description: 'By the channel’s own schema.' })
  details?: unknown

  @Field(() => Boolean, { nullable: true, description: 'Default: yes.' })
  active?: boolean | null
}

@InputType({ description: 'Something new that can be had for points.' })
export class CreateOfferInput extends OfferTermsInput {
  @Field(() => ID, { description: 'Letters, digits, hyphens and dots, up to 64.' })
  id!: string

  @Field(() => String, { description: 'The redemption channel that gives it.' })
  channel!: string

  @Field(() => WordsInput, { description: 'What it is called.' })
  title!: WordsInput

  @Field(() => MoneyScalar, { description: 'What it is worth to a member.' })
  cashValue!: Money
}

@InputType({ description: 'What is left out stays as it is; null clears what can be empty.' })
export class UpdateOfferInput extends OfferTermsInput {
  @Field(() => ID, { description: 'Which offer.' })
  id!: string

  @Field(() => Int, {
    nullable: true,
    description: 'The version the change was made from; another one in between is refused.',
  })
  baseVersion?: number | null

  @Field(() => WordsInput, { nullable: true, description: 'What it is called.' })
  title?: WordsInput | null

  @Field(() => MoneyScalar, { nullable: true, description: 'What it is worth to a member.' })
  cashValue?: Money | null
}

/** An offer as `Offers.create` takes it: null says no more than leaving it out. */
export function newOffer(input: CreateOfferInput): NewOffer {
  return withoutNulls(withTerms(input)) as NewOffer
}

/** A change as `Offers.update` takes it: null clears. */
export function offerChange(input: UpdateOfferInput): OfferChange {
  return withTerms(input) as OfferChange
}

/** Null for terms that have parts is a null for each of the parts. */
function withTerms<Input extends OfferTermsInput>(input: Input): Input {
  const { window, stock, price, pointsAndCash } = input
  return {
    ...input,
    ...(window === null && { window: {} }),
    ...(stock === null && { stock: {} }),
    ...(pointsAndCash && { pointsAndCash: withoutNulls(pointsAndCash) }),
    ...(price !== undefined && { price: givenPrice(price ?? {}) }),
  }
}

function givenPrice({ byExperiment, ...price }: OfferPriceInput): object {
  const variants = byExperiment?.variants.map(withoutNulls)
  return {
    ...withoutNulls(price),
    ...(byExperiment && { byExperiment: { ...byExperiment, variants } }),
  }
}

function withoutNulls(fields: object): object {
  const given = Object.entries(fields).filter(([, value]) => value !== null)
  return Object.fromEntries(given)
}
