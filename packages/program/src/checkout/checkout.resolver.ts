import type { Money } from '@pointwell/plugin'
import { MoneyScalar, PointsScalar, type RefusalType, resultUnion } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, InputType, Mutation, Query, Resolver } from 'type-graphql'
import { MEMBER_AND_STOREFRONT } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import {
  PointsAtCheckoutType,
  PointsPaymentType,
  pointsAtCheckoutType,
  pointsPaymentType,
} from './checkout.object.js'

const AtCheckoutResult = resultUnion(
  'PointsAtCheckoutResult',
  PointsAtCheckoutType,
  'What could be paid, or why nothing.',
)
const PayResult = resultUnion('PayWithPointsResult', PointsPaymentType, 'The payment, or why not.')
const CaptureResult = resultUnion(
  'CapturePointsPaymentResult',
  PointsPaymentType,
  'The payment as it is now, or why not.',
)
const ReleaseResult = resultUnion(
  'ReleasePointsPaymentResult',
  PointsPaymentType,
  'The payment as it is now, or why not.',
)
const ReturnResult = resultUnion(
  'ReturnPointsPaymentResult',
  PointsPaymentType,
  'The payment as it is now, or why not.',
)

@InputType({ description: 'Points that are to pay a part of an order.' })
export class PayWithPointsInput {
  @Field(() => ID, { description: 'Whose points.' })
  memberId!: string

  @Field(() => ID, {
    description: 'The order; it has one payment at a time. Up to 100 characters.',
  })
  orderId!: string

  @Field(() => MoneyScalar, { description: 'What the order comes to before points.' })
  orderAmount!: Money

  @Field(() => PointsScalar, {
    description: 'At most so many: fewer are taken where fewer pay the same.',
  })
  points!: number

  @Field(() => ID, { description: 'The same key again is the same payment. Up to 100 characters.' })
  idempotencyKey!: string
}

@InputType({ description: 'What points paid of goods that came back.' })
export class ReturnPointsPaymentInput {
  @Field(() => ID, { description: 'The order.' })
  orderId!: string

  @Field(() => MoneyScalar, { description: 'What of `pays` was for these goods.' })
  amount!: Money

  @Field(() => ID, { description: 'The same return again is the same. Up to 100 characters.' })
  returnId!: string
}

@Resolver()
export class CheckoutResolver {
  @Extensions({ access: MEMBER_AND_STOREFRONT })
  @Query(() => AtCheckoutResult, {
    description: 'How many points could pay how much of an order, for a checkout to offer.',
  })
  pointsAtCheckout(
    @Ctx() context: ProgramContext,
    @Arg('orderAmount', () => MoneyScalar, { description: 'What the order comes to.' })
    orderAmount: Money,
    @Arg('memberId', () => ID, { nullable: true, description: 'Whose; a member may leave it out.' })
    memberId: string | null,
  ): Promise<PointsAtCheckoutType | RefusalType> {
    const request = { orderAmount, memberId: context.actingFor(memberId) }
    return orRefusal(context.program.checkout.offer(request), context, pointsAtCheckoutType)
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => PointsPaymentType, {
    nullable: true,
    description: 'The points of an order, of its last try; null: none were ever held.',
  })
  async pointsPayment(
    @Ctx() { program }: ProgramContext,
    @Arg('orderId', () => ID, { description: 'Which order.' }) orderId: string,
  ): Promise<PointsPaymentType | null> {
    const payment = await program.checkout.find(orderId)
    return payment ? pointsPaymentType(payment) : null
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => PayResult, {
    description:
      'Holds points for an order until it is placed (`capturePointsPayment`) or comes to nothing.',
  })
  payWithPoints(
    @Ctx() context: ProgramContext,
    @Arg('input', () => PayWithPointsInput, { description: 'The order and the points.' })
    input: PayWithPointsInput,
  ): Promise<PointsPaymentType | RefusalType> {
    return orRefusal(context.program.checkout.pay(input), context, pointsPaymentType)
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => CaptureResult, {
    description: 'The order is placed: its points are spent. Again is the same.',
  })
  capturePointsPayment(
    @Ctx() context: ProgramContext,
    @Arg('orderId', () => ID, { description: 'Which order.' }) orderId: string,
  ): Promise<PointsPaymentType | RefusalType> {
    return orRefusal(context.program.checkout.capture(orderId), context, pointsPaymentType)
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => ReleaseResult, {
    description:
      'The order came to nothing: its points are back, and it can be paid anew. Again is the same.',
  })
  releasePointsPayment(
    @Ctx() context: ProgramContext,
    @Arg('orderId', () => ID, { description: 'Which order.' }) orderId: string,
  ): Promise<PointsPaymentType | RefusalType> {
    return orRefusal(context.program.checkout.release(orderId), context, pointsPaymentType)
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => ReturnResult, {
    description:
      'Goods came back: so do points, to the very lots that they came from, by what they paid.',
  })
  returnPointsPayment(
    @Ctx() context: ProgramContext,
    @Arg('input', () => ReturnPointsPaymentInput, { description: 'The return.' })
    input: ReturnPointsPaymentInput,
  ): Promise<PointsPaymentType | RefusalType> {
    return orRefusal(context.program.checkout.takeBack(input), context, pointsPaymentType)
  }
}
