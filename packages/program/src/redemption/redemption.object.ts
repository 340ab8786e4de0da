import { refuse } from '@pointwell/ledger'
import {
  connectionOf,
  DateTimeScalar,
  JsonScalar,
  PointsScalar,
  RefusalType,
  StepType,
  stepType,
  TransactionObject,
  toRefusalType,
  transactionType,
} from '@pointwell/plugin/graphql'
import { Ctx, Extensions, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { CONFIDANTS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { OfferType, offerType } from '../offer/offer.object.js'
import type { Quote } from './redeem-command.js'
import type { Redemption, RedemptionStatus } from './redemption-record.js'

/** The enum's names are the programme's words in capitals. */
const RedemptionStatusEnum = {
  HELD: 'held',
  UNKNOWN: 'unknown',
  FULFILLED: 'fulfilled',
  RELEASED: 'released',
  CANCELLING: 'cancelling',
  CANCELLED: 'cancelled',
} as const satisfies Record<Uppercase<RedemptionStatus>, RedemptionStatus>

registerEnumType(RedemptionStatusEnum, {
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

  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => ID, { description: 'Whose it is.' })
  memberId!: string

  @Field(() => PointsScalar, { description: 'Points that it costs, or cost.' })
  points!: number

  @Field(() => RedemptionStatusEnum, { description: 'How far it has come.' })
  status!: RedemptionStatus

  @Extensions({ access: CONFIDANTS })
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the channel gave: a code, a number; null: nothing yet.',
  })
  receipt!: unknown

  @Field(() => DateTimeScalar, { description: 'When the points were put on hold.' })
  createdAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was fulfilled, released or cancelled, the last of these; null: not yet.',
  })
  settledAt!: number | null

  @Field(() => TransactionObject, {
    description: 'What put the points on hold, with how the price came about.',
  })
  async transaction(@Ctx() { loaders }: ProgramContext): Promise<TransactionObject> {
    const { id, wallet, origin = wallet, version } = this.redemption
    const transaction = await loaders.transaction({ wallet: origin, version })
    if (!transaction) throw new Error(`The transaction of redemption ${id} is gone.`)
    return transactionType(transaction)
  }

  @Field(() => RefusalType, { nullable: true, description: 'Why the channel said no.' })
  refusal(@Ctx() { language }: ProgramContext): RefusalType | null {
    const { refusal } = this.redemption
    return refusal && toRefusalType(refuse(refusal.code), language)
  }

  @Field(() => OfferType, { description: 'The offer as it is now.' })
  async offer(@Ctx() { loaders }: ProgramContext): Promise<OfferType> {
    const { offer, wallet } = this.redemption
    const current = await loaders.offer(offer.id)
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

  @Field(() => PointsScalar, { description: 'Points that it costs.' })
  points!: number

  @Field(() => DateTimeScalar, { description: 'The first instant at which it no longer holds.' })
  expiresAt!: number

  @Field(() => [StepType], { description: 'How the price came about, step by step.' })
  explanation!: StepType[]

  @Field(() => OfferType, { description: 'The offer.' })
  async offer(@Ctx() { loaders }: ProgramContext): Promise<OfferType> {
    const { offerId, wallet } = this.quote
    const offer = await loaders.offer(offerId)
    if (!offer) throw new Error(`The offer ${offerId} is gone.`)
    return offerType(offer, wallet)
  }
}

export function quoteType(quote: Quote): QuoteType {
  const { id, points, expiresAt, steps } = quote
  const explanation = steps.map(stepType)
  return Object.assign(new QuoteType(), { quote, id, points, expiresAt, explanation })
}
