import { DateTimeScalar, PointsScalar, resultUnion } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { CouponType } from './coupon.object.js'

@InputType({ description: 'A card and the member whose it is.' })
export class ActivateCardInput {
  @Field(() => ID, { nullable: true, description: 'Whose; a member may leave it out.' })
  memberId?: string | null

  @Field(() => String, { description: 'The code of the card, however it is typed.' })
  code!: string

  @Field(() => ID, {
    nullable: true,
    description:
      'A card is activated once, and its own key: the same again gets the same answer. Given, another key is refused. Up to 100 characters.',
  })
  idempotencyKey?: string | null
}

@ObjectType('CardActivated', {
  description: 'The card has done what it does, or does it from now on.',
  simpleResolvers: true,
})
export class CardActivatedType {
  @Field(() => CouponType, { description: 'The card.' })
  coupon!: CouponType

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'The first instant at which it no longer counts; null: it did what it does at once.',
  })
  until!: number | null

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Points that last longer now; null: it does something else.',
  })
  points!: number | null
}

export const ActivateCardResult = resultUnion(
  'ActivateCardResult',
  CardActivatedType,
  'What the card does, or why it cannot be activated.',
)
