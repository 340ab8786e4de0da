import type { Money } from '@pointwell/plugin'
import { DateTimeScalar, MoneyScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { CheckoutOffer } from './open-checkout.js'
import type { Payment, PaymentStatus } from './payment-record.js'

/** The enum's names are the programme's words in capitals. */
const PaymentStatusEnum = {
  HELD: 'held',
  CAPTURED: 'captured',
  RELEASED: 'released',
} as const satisfies Record<Uppercase<PaymentStatus>, PaymentStatus>

registerEnumType(PaymentStatusEnum, {
  name: 'PointsPaymentStatus',
  description: 'How far points that pay an order have come.',
  valuesConfig: {
    HELD: { description: 'They wait for the order to be placed.' },
    CAPTURED: { description: 'The order is placed; they are spent, but for what came back.' },
    RELEASED: { description: 'The order came to nothing; they are back.' },
  },
})

@ObjectType('PointsAtCheckout', {
  description: 'How many points could pay how much of an order.',
  simpleResolvers: true,
})
export class PointsAtCheckoutType {
  @Field(() => PointsScalar, {
    description: 'The most that the order takes of this member; 0: none.',
  })
  points!: number

  @Field(() => MoneyScalar, { description: 'What they pay.' })
  pays!: Money

  @Field(() => PointsScalar, { description: 'Points that the member can use.' })
  usable!: number

  @Field(() => MoneyScalar, { description: 'What all of these would pay.' })
  worth!: Money

  @Field(() => PointsScalar, { description: 'Fewer are not taken.' })
  leastPoints!: number
}

@ObjectType('PointsPayment', {
  description: 'Points that pay a part of an order.',
  simpleResolvers: true,
})
export class PointsPaymentType {
  @Field(() => ID, { description: 'The order.' })
  orderId!: string

  @Field(() => ID, { description: 'Whose points.' })
  memberId!: string

  @Field(() => MoneyScalar, { description: 'What the order came to before points.' })
  orderAmount!: Money

  @Field(() => PointsScalar, { description: 'How many.' })
  points!: number

  @Field(() => MoneyScalar, { description: 'What they pay of it.' })
  pays!: Money

  @Field(() => PaymentStatusEnum, { description: 'How far they have come.' })
  status!: PaymentStatus

  @Field(() => MoneyScalar, { description: 'What of it was paid for goods that came back.' })
  returnedAmount!: Money

  @Field(() => PointsScalar, { description: 'Points that came back with them.' })
  returnedPoints!: number

  @Field(() => DateTimeScalar, { description: 'When they were put on hold.' })
  createdAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the order was placed, or came to nothing; null: not yet.',
  })
  settledAt!: number | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When they come back by themselves; null: they do not.',
  })
  releasesAt!: number | null
}

export function pointsAtCheckoutType(offer: CheckoutOffer): PointsAtCheckoutType {
  return Object.assign(new PointsAtCheckoutType(), offer)
}

export function pointsPaymentType(payment: Payment): PointsPaymentType {
  const { orderId, memberId, orderAmount, points, pays, status } = payment
  const { returnedMinor, returnedPoints, createdAt, settledAt, dueAt } = payment
  return Object.assign(new PointsPaymentType(), {
    orderId,
    memberId,
    orderAmount,
    points,
    pays,
    status,
    returnedAmount: { amountMinor: returnedMinor, currency: pays.currency },
    returnedPoints,
    createdAt,
    settledAt,
    releasesAt: dueAt,
  })
}
