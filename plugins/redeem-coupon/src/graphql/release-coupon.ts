import { resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { CouponType } from './coupon.object.js'

@InputType({ description: 'A coupon and the order that used it and was cancelled.' })
export class ReleaseCouponInput {
  @Field(() => String, { description: 'The code.' })
  code!: string

  @Field(() => ID, { description: 'The cancelled order.' })
  orderId!: string
}

@ObjectType('CouponReleased', {
  description: 'The order has given the coupon back.',
  simpleResolvers: true,
})
export class CouponReleasedType {
  @Field(() => CouponType, { description: 'The coupon as it is now.' })
  coupon!: CouponType
}

export const ReleaseCouponResult = resultUnion(
  'ReleaseCouponResult',
  CouponReleasedType,
  'The coupon given back, or why this order cannot.',
)
