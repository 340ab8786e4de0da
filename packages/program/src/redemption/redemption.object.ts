import { refuse } from '@pointwell/ledger'
import type { Money, RedemptionStatus } from '@pointwell/plugin'
import {
  connectionOf,
  DateTimeScalar,
  JsonScalar,
  MoneyScalar,
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
import type { RiskHold } from '../risk/risk-hold.js'
import { RiskHoldType, riskHoldType } from '../risk/risk-hold.object.js'
import { SurveyAnswerType, surveyAnswerType } from '../survey/survey.object.js'
import type { Quote } from './redeem-command.js'
import { isRefundDue, type Redemption } from './redemption-record.js'

/** The enum's names are the programme's words in capitals. */
const RedemptionStatusEnum = {
  AWAITING_PAYMENT: 'awaiting-payment',
  UNDER_REVIEW: 'under-review',
  HELD: 'held',
  UNKNOWN: 'unknown',
  FULFILLED: 'fulfilled',
  RELEASED: 'released',
  CANCELLING: 'cancelling',
  CANCELLED: 'cancelled',
} as const satisfies Readonly<Record<string, RedemptionStatus>>

registerEnumType(RedemptionStatusEnum, {
  name: 'RedemptionStatus',
  description: 'How far a redemption has come.',
  valuesConfig: {
    AWAITING_PAYMENT: {
      description: 'The points are on hold until the storefront has the part paid in money.',
    },
    UNDER_REVIEW: {
      description:
        'A risk rule holds it (`hold`): the points are on hold, and the channel is asked when that is over.',
    },
    HELD: { description: 'The points are on hold; the channel is being asked.' },
    UNKNOWN: { description: 'The channel could not say; it is asked again until it can.' },
    FULFILLED: { description: 'Given; the points are spent.' },
    RELEASED: {
      description:
        'The channel refused, nobody paid the money, or it was called off; the points are back.',
    },
    CANCELLING: { description: 'The channel is being asked to take it back.' },
    CANCELLED: { description: 'Taken back; the points are back.' },
  },
})

@ObjectType('CashPart', {
  description: 'Money that a redemption costs besides points.',
  simpleResolvers: true,
})
export class CashPartType {
  @Field(() => MoneyScalar, { description: 'How much.' })
  amount!: Money

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the storefront told that it was paid; null: not yet.',
  })
  paidAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when it has to be told of; null: it was, or it is too late.',
  })
  payBy!: number | null

  @Field(() => Boolean, {
    description: 'Whether the storefront owes it to the member: it was paid, and came to nothing.',
  })
  refundDue!: boolean
}

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

  @Field(() => CashPartType, {
    nullable: true,
    description: 'The part of the price that is paid in money; null: none.',
  })
  cash!: CashPartType | null

  @Field(() => RedemptionStatusEnum, { description: 'How far it has come.' })
  status!: RedemptionStatus

  @Extensions({ access: CONFIDANTS })
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What the channel gave: a code, a number; null: nothing yet.',
  })
  receipt!: unknown

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Points that were won by it, beside what it costs; null: none.',
  })
  award!: number | null

  @Field(() => RiskHoldType, {
    nullable: true,
    description: 'That a risk rule holds it, or did; null: none did.',
  })
  hold!: RiskHoldType | null

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

  @Extensions({ access: CONFIDANTS })
  @Field(() => SurveyAnswerType, {
    nullable: true,
    description: 'What the member thinks of it; null: it has not said.',
  })
  async survey(@Ctx() { loaders }: ProgramContext): Promise<SurveyAnswerType | null> {
    const answer = await loaders.survey(this.redemption.id)
    return answer ? surveyAnswerType(answer) : null
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
    return offerType(current, { wallet })
  }
}

export const RedemptionConnection = connectionOf(RedemptionType, 'Redemption')

export function redemptionType(redemption: Redemption): RedemptionType {
  const { id, memberId, points, status, receipt, hold, createdAt, settledAt } = redemption
  return Object.assign(new RedemptionType(), {
    redemption,
    id,
    memberId,
    points,
    status,
    receipt,
    cash: cashType(redemption),
    award: redemption.award?.points ?? null,
    hold: hold ? riskHoldType(hold) : null,
    createdAt,
    settledAt,
  })
}

function cashType(redemption: Redemption): CashPartType | null {
  const { cash, status, dueAt } = redemption
  if (!cash) return null
  const { amountMinor, currency, paid } = cash
  return Object.assign(new CashPartType(), {
    amount: { amountMinor, currency },
    paidAt: paid?.at ?? null,
    payBy: status === 'awaiting-payment' ? dueAt : null,
    refundDue: isRefundDue(redemption),
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

  @Field(() => MoneyScalar, {
    nullable: true,
    description: 'Money that it costs besides; null: none.',
  })
  cash!: Money | null

  @Field(() => DateTimeScalar, { description: 'The first instant at which it no longer holds.' })
  expiresAt!: number

  @Field(() => [StepType], { description: 'How the price came about, step by step.' })
  explanation!: StepType[]

  @Field(() => RiskHoldType, {
    nullable: true,
    description: 'That a risk rule would hold the redemption, by now; null: none would.',
  })
  hold!: RiskHoldType | null

  @Field(() => OfferType, { description: 'The offer.' })
  async offer(@Ctx() { loaders }: ProgramContext): Promise<OfferType> {
    const { offerId, wallet } = this.quote
    const offer = await loaders.offer(offerId)
    if (!offer) throw new Error(`The offer ${offerId} is gone.`)
    return offerType(offer, { wallet })
  }
}

export function quoteType(quote: Quote & { readonly hold?: RiskHold }): QuoteType {
  const { id, points, cash, expiresAt, steps } = quote
  const explanation = steps.map(stepType)
  const hold = quote.hold ? riskHoldType(quote.hold) : null
  return Object.assign(new QuoteType(), { quote, id, points, cash, expiresAt, explanation, hold })
}
