import { MoneyScalar, resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { CouponType } from './coupon.object.js'

@InputType({ description: 'A coupon and the order that wants to use it.' })
export class UseCouponInput {
  @Field(() => String, { description: 'The code as the member typed it.' })
  code!: string

  @Field(() => ID, { description: 'The order. The same order again gets the same answer.' })
  orderId!: string

  @Field(() => MoneyScalar, { description: 'What the order comes to before the discount.' })
  orderAmount!: { readonly amountMinor: number; readonly currency: string }

  @Field(() => MoneyScalar, {
    nullable: true,
    description:
      'What its delivery costs before the discount, beside that. Needed for a coupon for delivery; others do not look at it.',
  })
  deliveryFee?: { readonly amountMinor: number; readonly currency: string } | null
}

@ObjectType('CouponUsed', {
  description: 'The coupon belongs to the order.',
  simpleResolvers: true,
})
export class CouponUsedType {
  @Field(() => CouponType, { description: 'The coupon.' })
  coupon!: CouponType

  @Field(() => MoneyScalar, { description: 'What the order costs less, or its delivery.' })
  discount!: { readonly amountMinor: number; readonly currency: string }
}

export const UseCouponResult = resultUnion(
  'UseCouponResult',
  CouponUsedType,
  'The coupon with its discount, or why it cannot be used for this order.',
)
