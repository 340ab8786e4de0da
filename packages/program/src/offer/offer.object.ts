import type { Money } from '@pointwell/plugin'
import {
  connectionOf,
  DateTimeScalar,
  DecimalScalar,
  JsonScalar,
  MoneyScalar,
  PointsScalar,
} from '@pointwell/plugin/graphql'
import { Ctx, Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { COST_READERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import type { CapPeriod } from '../policy/policy-sections.js'
import { stockCounters } from '../redemption/redeem-command.js'
import { WordsType } from '../words/words.object.js'
import { OfferPricingType, pricingType } from './offer-pricing.object.js'
import type { Offer } from './offer-terms.js'
import { type OfferBuyer, readPrice } from './read-price.js'
import { rangeOf } from './split-offer.js'

/** The enum's names are the policy's words in capitals. */
export const PeriodEnum = {
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
  YEAR: 'year',
  LIFETIME: 'lifetime',
} as const satisfies Record<Uppercase<CapPeriod>, CapPeriod>

registerEnumType(PeriodEnum, {
  name: 'Period',
  description: 'A stretch of time, of the programme’s own time zone.',
  valuesConfig: {
    DAY: { description: 'A day.' },
    WEEK: { description: 'A week, from Monday.' },
    MONTH: { description: 'A month of the calendar.' },
    YEAR: { description: 'A year of the calendar.' },
    LIFETIME: { description: 'For ever.' },
  },
})

@ObjectType('OfferWindow', { description: 'When an offer is open.', simpleResolvers: true })
export class OfferWindowType {
  @Field(() => DateTimeScalar, { nullable: true, description: 'From here on; null: no beginning.' })
  from!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'Not from here on; null: no end.' })
  until!: number | null
}

@ObjectType('OfferLimit', {
  description: 'How often one member can redeem.',
  simpleResolvers: true,
})
export class OfferLimitType {
  @Field(() => Int, { description: 'So many times.' })
  count!: number

  @Field(() => PeriodEnum, { description: 'In each of these.' })
  period!: CapPeriod
}

@ObjectType('OfferStock', { description: 'How many there are.', simpleResolvers: true })
export class OfferStockType {
  offer!: Offer

  @Field(() => PointsScalar, { nullable: true, description: 'How many in all; null: no bound.' })
  total!: number | null

  @Field(() => PointsScalar, { nullable: true, description: 'How many a day; null: no bound.' })
  perDay!: number | null

  @Field(() => PointsScalar, { description: 'How many are redeemed and not given back.' })
  sold(@Ctx() { loaders }: ProgramContext): Promise<number> {
    return loaders.sold(stockCounters(this.offer, '').total)
  }

  @Field(() => PointsScalar, { nullable: true, description: 'How many are left; null: no bound.' })
  async left(@Ctx() context: ProgramContext): Promise<number | null> {
    return this.total === null ? null : Math.max(0, this.total - (await this.sold(context)))
  }

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'How many of today’s are left; null: no bound a day.',
  })
  async leftToday(@Ctx() { loaders, program, now }: ProgramContext): Promise<number | null> {
    const { today } = stockCounters(this.offer, program.calendar().dateOf(now()))
    if (today === null || this.perDay === null) return null
    return Math.max(0, this.perDay - (await loaders.sold(today)))
  }
}

@ObjectType('PointsAndCash', {
  description: 'How a price can be paid in points and money: with any number of points in between.',
  simpleResolvers: true,
})
export class PointsAndCashType {
  @Field(() => DecimalScalar, { description: 'The least share of the price in points.' })
  leastPointsShare!: string

  @Field(() => DecimalScalar, { description: 'The largest share of the price in points.' })
  mostPointsShare!: string

  @Field(() => PointsScalar, { description: 'The fewest points that it can be had for.' })
  leastPoints!: number

  @Field(() => MoneyScalar, { description: 'The money that goes with the fewest points.' })
  cashAtLeast!: Money

  @Field(() => PointsScalar, { description: 'The most points that can be paid.' })
  mostPoints!: number

  @Field(() => MoneyScalar, { description: 'The money that goes with the most points.' })
  cashAtMost!: Money
}

@ObjectType('Offer', {
  description: 'Something that can be had for points.',
  simpleResolvers: true,
})
export class OfferType {
  offer!: Offer
  /** Whose price it is; null: the first tier's. */
  buyer!: OfferBuyer | null

  @Field(() => ID, { description: 'The operator’s name of it.' })
  id!: string

  @Field(() => Int, { description: 'Goes up by one with each change.' })
  version!: number

  @Field(() => String, { description: 'The redemption channel that gives it.' })
  channel!: string

  @Field(() => String, { nullable: true, description: 'A picture of it.' })
  pictureUrl!: string | null

  @Field(() => OfferWindowType, { description: 'When it is open.' })
  window!: OfferWindowType

  @Field(() => OfferStockType, { description: 'How many there are.' })
  stock!: OfferStockType

  @Field(() => OfferLimitType, { nullable: true, description: 'How often one member can have it.' })
  limitPerMember!: OfferLimitType | null

  @Field(() => [String], { nullable: true, description: 'For these tiers; null: for all.' })
  tiers!: readonly string[] | null

  @Field(() => [String], { nullable: true, description: 'For these segments; null: for all.' })
  segments!: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'For members with one of these badges; null: for all.',
  })
  badges!: readonly string[] | null

  @Field(() => [String], { nullable: true, description: 'In these regions; null: in all.' })
  regions!: readonly string[] | null

  @Field(() => JsonScalar, {
    description: 'What the channel says of it, by the channel’s own schema.',
  })
  details!: unknown

  @Field(() => MoneyScalar, { description: 'What it is worth to a member.' })
  cashValue!: Money

  @Extensions({ access: COST_READERS })
  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'What one costs the programme; null: nobody said.',
  })
  cost!: Money | null

  @Extensions({ access: COST_READERS })
  @Field(() => String, {
    nullable: true,
    description: 'The department or partner that pays; null: nobody said.',
  })
  paidBy!: string | null

  @Extensions({ access: COST_READERS })
  @Field(() => OfferPricingType, {
    nullable: true,
    description: 'How its price is made; null only for who may not read it.',
  })
  pricing(): OfferPricingType {
    return pricingType(this.offer.price)
  }

  @Field(() => WordsType, { description: 'What it is called, in every language.' })
  titles!: WordsType

  @Field(() => WordsType, { nullable: true, description: 'More about it, in every language.' })
  descriptions!: WordsType | null

  @Field(() => Boolean, { description: 'Whether it can be redeemed when it is open.' })
  active!: boolean

  @Field(() => PointsAndCashType, {
    nullable: true,
    description: 'How a part of the price can be paid in money; null: in points alone.',
  })
  async pointsAndCash(@Ctx() context: ProgramContext): Promise<PointsAndCashType | null> {
    if (!this.offer.pointsAndCash) return null
    const range = rangeOf(this.offer, (await readPrice(this, context)).points)
    if (!range) return null
    const { leastPoints, mostPoints, cashFor } = range
    return Object.assign(new PointsAndCashType(), {
      ...this.offer.pointsAndCash,
      leastPoints,
      cashAtLeast: cashFor(leastPoints),
      mostPoints,
      cashAtMost: cashFor(mostPoints),
    })
  }

  @Field(() => Boolean, {
    description: 'Whether what is paid with points that run out soon costs less.',
  })
  expiringDiscount(): boolean {
    return this.offer.price.expiringDiscount
  }

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    return this.offer.title[language]
  }

  @Field(() => String, { nullable: true, description: 'More about it.' })
  description(@Ctx() { language }: ProgramContext): string | null {
    return this.offer.description?.[language] ?? null
  }

  @Field(() => PointsScalar, {
    description:
      'What it costs the member it is shown to; without a member, one of the first tier.',
  })
  price(@Ctx() context: ProgramContext): number | Promise<number> {
    return readThen(readPrice(this, context), ({ points }) => points)
  }

  @Field(() => PointsScalar, {
    description: 'What the formula says, beside a price set by hand; before the tier’s factor.',
  })
  formulaPrice(@Ctx() context: ProgramContext): number | Promise<number> {
    return readThen(readPrice(this, context), ({ formulaPoints }) => formulaPoints)
  }
}

/** The same, and as soon. */
function readThen<Value, Result>(
  value: Value | Promise<Value>,
  then: (value: Value) => Result,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(then) : then(value)
}

export const OfferConnection = connectionOf(OfferType, 'Offer')

export function offerType(offer: Offer, buyer: OfferBuyer | null): OfferType {
  const { id, version, channel, pictureUrl, limitPerMember, tiers, segments, badges, regions } =
    offer
  return Object.assign(new OfferType(), {
    offer,
    buyer,
    id,
    version,
    channel,
    pictureUrl,
    window: Object.assign(new OfferWindowType(), offer.window),
    stock: Object.assign(new OfferStockType(), { offer, ...offer.stock }),
    limitPerMember: limitPerMember && Object.assign(new OfferLimitType(), limitPerMember),
    tiers,
    segments,
    badges,
    regions,
    details: offer.details,
    cashValue: offer.cashValue,
    cost: offer.cost,
    paidBy: offer.paidBy,
    titles: Object.assign(new WordsType(), offer.title),
    descriptions: offer.description && Object.assign(new WordsType(), offer.description),
    active: offer.active,
  })
}
