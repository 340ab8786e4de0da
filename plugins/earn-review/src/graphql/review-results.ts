import { type Earned, isRefusal, type Refusal } from '@pointwell/plugin'
import {
  EarnedType,
  earnedResult,
  type PluginContext,
  PointsScalar,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import { type ClassType, Ctx, Field, ObjectType } from 'type-graphql'
import { ReviewType, reviewType } from './review.object.js'

/** What all that can be done with a review answers with. */
@ObjectType({ simpleResolvers: true })
abstract class ReviewPosted extends EarnedType {
  @Field(() => ReviewType, { description: 'The review as it is now.' })
  async review(@Ctx() { program }: PluginContext): Promise<ReviewType> {
    const { memberId, once } = this.earned
    const record = await program.findEarned({ source: 'review', memberId, once })
    if (!record) throw new Error(`The review ${once} was just written, and is gone.`)
    return reviewType(record)
  }
}

@ObjectType('ReviewSubmitted', { description: 'The review went in.', simpleResolvers: true })
export class ReviewSubmitted extends ReviewPosted {}

@ObjectType('ReviewModerated', {
  description: 'The review’s points are taken back.',
  simpleResolvers: true,
})
export class ReviewModerated extends ReviewPosted {
  @Field(() => PointsScalar, { description: 'Points taken back, negative.' })
  override points!: number
}

export const SubmitReviewResult = resultUnion('SubmitReviewResult', ReviewSubmitted)
export const ModerateReviewResult = resultUnion('ModerateReviewResult', ReviewModerated)

/** What the programme answered, as a result of the API. */
export function reviewResult<Posted extends ReviewPosted>(
  type: ClassType<Posted>,
  answer: Earned | Refusal,
  context: PluginContext,
): Posted | RefusalType {
  return earnedResult(type, isRefusal(answer) ? inWordsOfReviews(answer) : answer, { context })
}

/** The programme speaks of events and their fields; whoever sent a review knows a line and a text. */
function inWordsOfReviews(refusal: Refusal): Refusal {
  const { code, figures } = refusal
  if (code === 'ORDER_NOT_FOUND') return { ...refusal, code: 'REVIEW_NOT_FOUND' }
  if (code === 'ORDER_CANCELLED') return { ...refusal, code: 'REVIEW_WITHDRAWN' }
  return figures.field === 'characters'
    ? { ...refusal, figures: { ...figures, field: 'text' } }
    : refusal
}
