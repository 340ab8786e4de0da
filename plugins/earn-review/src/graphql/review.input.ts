import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Field, ID, InputType, Int } from 'type-graphql'
import { MOST_CHARACTERS } from '../settings/review-settings.js'

@InputType('SubmitReviewInput', { description: 'A review of something that was bought.' })
export class SubmitReviewInput {
  @Field(() => ID, { nullable: true, description: 'Who wrote it; a member may leave it out.' })
  memberId?: string | null

  @Field(() => ID, { description: 'The order in which it was bought.' })
  orderId!: string

  @Field(() => ID, { description: 'The line of the order that is reviewed: one review each.' })
  lineId!: string

  @Field(() => ID, { description: 'The shop’s own id of the review.' })
  reviewId!: string

  @Field(() => String, {
    description: `What it says, up to ${MOST_CHARACTERS} characters. They are counted, white space not, and not kept: the text stays with the shop.`,
  })
  text!: string

  @Field(() => Int, { defaultValue: 0, description: 'How many photos it shows.' })
  photos!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was written; otherwise now. Only for a storefront.',
  })
  at?: number | null
}

@InputType('ModerateReviewInput', { description: 'A review that a moderator removed.' })
export class ModerateReviewInput {
  @Field(() => ID, { description: 'The order in which the goods were bought.' })
  orderId!: string

  @Field(() => ID, { description: 'The line that was reviewed.' })
  lineId!: string

  @Field(() => String, { description: 'Why it was removed, 1 to 200 characters.' })
  reason!: string
}
