import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Ctx, Extensions, Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { SegmentSizeType, segmentType } from './segment.object.js'

@ObjectType('SegmentSizes', {
  description: 'What the last review of all members found.',
  simpleResolvers: true,
})
export class SegmentSizesType {
  @Field(() => DateTimeScalar, { description: 'When the review began.' })
  at!: number

  @Field(() => Int, { description: 'How many members were reviewed.' })
  members!: number

  @Field(() => [SegmentSizeType], {
    description: 'Every segment of the policy in force, in its order. A member can be in several.',
  })
  segments!: SegmentSizeType[]
}

@Resolver()
export class SegmentResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => SegmentSizesType, {
    nullable: true,
    description:
      'How many members are in each segment, by the last daily review; null: there was none yet.',
  })
  async segmentSizes(@Ctx() { program, now }: ProgramContext): Promise<SegmentSizesType | null> {
    const review = await program.reviews.last()
    if (!review) return null
    const policy = program.policies.at(now())
    const segments = policy.document.segments.list.map(({ id }) =>
      Object.assign(new SegmentSizeType(), {
        segment: segmentType(id, policy),
        members: Object.hasOwn(review.sizes, id) ? review.sizes[id] : 0,
      }),
    )
    const { startedAt: at, members } = review
    return Object.assign(new SegmentSizesType(), { at, members, segments })
  }
}
