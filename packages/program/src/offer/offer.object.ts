import type { Wallet } from '@pointwell/ledger'
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
import { loadWallet } from '../context/load-wallet.js'
import type { ProgramContext } from '../context/program-context.js'
import { tierAt } from '../member/member-facts.js'
import { readMemo } from '../memo/programme-memo.js'
import { servingPointValue } from '../point-value/point-value-at.js'
import type { TierLevel } from '../policy/policy-document.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { CapPeriod } from '../policy/policy-sections.js'
import { stockCounters } from '../redemption/redeem-command.js'
import { WordsType } from '../words/words.object.js'
import type { OfferPrice } from './offer-price.js'
import type { Offer } from './offer-terms.js'
import { shownPrice } from './shown-price.js'

/** How prices come about (R2), for who sets them. */
export const PRICE_FORMULA =
  'Ratio × cash value × cost rate × list price ÷ (list price − largest discount), rounded up to the step.'

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
}

@ObjectType('Offer', {
  description: 'Something that can be had for points.',
  simpleResolvers: true,
})
export class OfferType {
  offer!: Offer
  /** The member whose price it is; null: the first tier's. */
  wallet!: number | null

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
  pricing!: OfferPricingType | null

  @Field(() => WordsType, { description: 'What it is called, in every language.' })
  titles!: WordsType

  @Field(() => WordsType, { nullable: true, description: 'More about it, in every language.' })
  descriptions!: WordsType | null

  @Field(() => Boolean, { description: 'Whether it can be redeemed when it is open.' })
  active!: boolean

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
  async price(@Ctx() context: ProgramContext): Promise<number> {
    return (await priceOf(this, context)).points
  }

  @Field(() => PointsScalar, {
    description: 'What the formula says, beside a price set by hand; before the tier’s factor.',
  })
  async formulaPrice(@Ctx() context: ProgramContext): Promise<number> {
    return (await priceOf(this, context)).formulaPoints
  }
}

export const OfferConnection = connectionOf(OfferType, 'Offer')

export function offerType(offer: Offer, wallet: number | null): OfferType {
  const { id, version, channel, pictureUrl, limitPerMember, tiers, segments, badges, regions } =
    offer
  return Object.assign(new OfferType(), {
    offer,
    wallet,
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
    pricing: Object.assign(new OfferPricingType(), offer.price),
    titles: Object.assign(new WordsType(), offer.title),
    descriptions: offer.description && Object.assign(new WordsType(), offer.description),
    active: offer.active,
  })
}

async function priceOf({ offer, wallet }: OfferType, context: ProgramContext): Promise<OfferPrice> {
  const now = context.now()
  const policy = context.program.policies.at(now)
  const tier =
    wallet === null
      ? policy.document.tiers.levels[0]!
      : tierOf(await loadWallet(context, wallet), { policy, at: now })
  const price = shownPrice(offer, {
    pricing: policy.document.pricing,
    pointValue: servingPointValue(policy, now),
    loop: context.program.channels.get(offer.channel)?.loop ?? 'closed',
    tier,
  })
  if ('refused' in price) throw new Error(`The offer ${offer.id} has no price: ${price.code}.`)
  return price
}

/** Of one wallet as it was read: all offers of a page ask for the same. */
const tiers = new WeakMap<Wallet, { policy: PolicyInForce; at: number; tier: TierLevel }>()

function tierOf(wallet: Wallet, { policy, at }: { policy: PolicyInForce; at: number }): TierLevel {
  const known = tiers.get(wallet)
  if (known?.policy === policy && known.at === at) return known.tier
  const tier = tierAt(readMemo(wallet.memo), { policy, at })
  tiers.set(wallet, { policy, at, tier })
  return tier
}
