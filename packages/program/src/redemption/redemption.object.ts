import { refuse } from '@pointwell/ledger'
import {
  connectionOf,
  DateTimeScalar,
  JsonScalar,
  PointsScalar,
  RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import { OfferType, offerType } from '../offer/offer.object.js'
import type { Quote } from './redeem-command.js'
import type { Redemption } from './redemption-record.js'

export enum RedemptionStatusType {
  HELD = 'held',
  UNKNOWN = 'unknown',
  FULFILLED = 'fulfilled',
  RELEASED = 'released',
  CANCELLING = 'cancelling',
  CANCELLED = 'cancelled',
}

registerEnumType(RedemptionStatusType, {
  name: 'RedemptionStatus',
  description: 'How far a redemption has come.',
  valuesConfig: {
    HELD: { description: 'The points are on hold; the channel is being asked.' },
    UNKNOWN: { description: 'The channel could not say; it is asked again until it can.' },
    FULFILLED: { description: 'Given; the points are spent.' },
    RELEASED: { description: 'The channel refused; the points are back.' },
    CANCELLING: { description: 'The channel is being asked to take it back.' },
    CANCELLED: { description: 'Taken back; the points are back.' },
  },
})

@ObjectType('Redemption', {
  description: 'Something that was had for points.',
  simpleResolvers: true,
})
export class RedemptionType {
  redemption!: Redemption

  @Field(() => ID, { description: 'Names it for ever; the key its channel knows it by.' })
  id!: string

  @Field(() => ID, { description: 'Whose it is.' })
  memberId!: string

  @Field(() => PointsScalar, { description: 'What it cost.' })
  points!: number

  @Field(() => RedemptionStatusType, { description: 'How far it has come.' })
  status!: RedemptionStatusType

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the channel gave: a code, a number.',
  })
  receipt!: unknown

  @Field(() => DateTimeScalar, { description: 'When the points were put on hold.' })
  createdAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last decided; null: not yet.',
  })
  settledAt!: number | null

  @Field(() => ID, { description: 'The transaction that put the points on hold.' })
  transactionId!: string

  @Field(() => RefusalType, { nullable: true, description: 'Why the channel said no.' })
  refusal(@Ctx() { language }: ProgramContext): RefusalType | null {
    const { refusal } = this.redemption
    return refusal && toRefusalType(refuse(refusal.code), language)
  }

  @Field(() => OfferType, { description: 'The offer as it is now.' })
  async offer(@Ctx() { loaders }: ProgramContext): Promise<OfferType> {
    const { offer, wallet } = this.redemption
    const current = await loaders.offer.load(offer.id)
    if (!current) throw new Error(`The offer ${offer.id} is gone.`)
    return offerType(current, wallet)
  }
}

export const RedemptionConnection = connectionOf(RedemptionType, 'Redemption')

export function redemptionType(redemption: Redemption): RedemptionType {
  const { id, memberId, points, status, receipt, createdAt, settledAt } = redemption
  return Object.assign(new RedemptionType(), {
    redemption,
    id,
    memberId,
    points,
    status,
    receipt,
    createdAt,
    settledAt,
    transactionId: `${redemption.wallet}-${redemption.version}`,
  })
}

@ObjectType('Quote', {
  description: 'A promise: until it expires, the offer costs this member so many points.',
  simpleResolvers: true,
})
export class QuoteType {
  quote!: Quote

  @Field(() => ID, { description: 'Give it to `redeem`, once.' })
  id!: string

  @Field(() => PointsScalar, { description: 'What it costs.' })
  points!: number

  @Field(() => DateTimeScalar, { description: 'The first instant at which it no longer holds.' })
  expiresAt!: number

  @Field(() => OfferType, { description: 'The offer.' })
  async offer(@Ctx() { loaders }: ProgramContext): Promise<OfferType> {
    const { offerId, wallet } = this.quote
    const offer = await loaders.offer.load(offerId)
    if (!offer) throw new Error(`The offer ${offerId} is gone.`)
    return offerType(offer, wallet)
  }
}

export function quoteType(quote: Quote): QuoteType {
  const { id, points, expiresAt } = quote
  return Object.assign(new QuoteType(), { quote, id, points, expiresAt })
}
