import type { EarnedRecord } from '@pointwell/plugin'
import { DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { ReviewEvent, ReviewWithdrawal } from '../event/review-event.js'

const ReviewStatus = {
  STANDING: 'standing',
  REMOVED: 'removed',
  WITHDRAWN: 'withdrawn',
} as const
type Status = (typeof ReviewStatus)[keyof typeof ReviewStatus]

registerEnumType(ReviewStatus, {
  name: 'ReviewStatus',
  description: 'Whether a review has its points.',
  valuesConfig: {
    STANDING: { description: 'It earned them, and has them.' },
    REMOVED: { description: 'A moderator removed it.' },
    WITHDRAWN: { description: 'What it is about came back, or its order was cancelled.' },
  },
})

@ObjectType('Review', {
  description: 'A review that earned points. What it says stays with the shop.',
  simpleResolvers: true,
})
export class ReviewType {
  @Field(() => ID, { description: 'The shop’s own id of the review.' })
  reviewId!: string

  @Field(() => ID, { description: 'The order in which the goods were bought.' })
  orderId!: string

  @Field(() => ID, { description: 'The line that is reviewed.' })
  lineId!: string

  @Field(() => ID, { description: 'Who wrote it.' })
  memberId!: string

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  at!: number

  @Field(() => Int, { description: 'How long it is, in characters without white space.' })
  characters!: number

  @Field(() => Int, { description: 'How many photos it shows.' })
  photos!: number

  @Field(() => ReviewStatus, { description: 'Whether it has its points.' })
  status!: Status

  @Field(() => PointsScalar, { description: 'Points it was granted.' })
  granted!: number

  @Field(() => PointsScalar, { description: 'Points that it still has.' })
  standing!: number

  @Extensions({ access: ['storefront', 'support', 'rules'] })
  @Field(() => String, { nullable: true, description: 'Why a moderator removed it.' })
  removedBecause!: string | null
}

/** A review as the API shows it. */
export function reviewType(record: EarnedRecord): ReviewType {
  const { reviewId, orderId, lineId, at, characters, photos } = record.event as ReviewEvent
  const { memberId, granted, standing } = record
  const [removal] = record.returns as readonly ReviewWithdrawal[]
  const status: Status = removal
    ? 'removed'
    : record.status === 'cancelled'
      ? 'withdrawn'
      : 'standing'
  return Object.assign(new ReviewType(), {
    reviewId,
    orderId,
    lineId,
    memberId,
    at,
    characters,
    photos,
    status,
    granted,
    standing,
    removedBecause: removal?.reason ?? null,
  })
}
