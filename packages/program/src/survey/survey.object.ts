import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  connectionOf,
  DateTimeScalar,
  DecimalScalar,
  encodeCursor,
  LocalDateScalar,
  PageArgs,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Field, ID, Int, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { SurveyFigures } from './survey-figures.js'
import type { SurveyAnswer, SurveyComment, SurveySpan } from './survey-rows.js'

@ObjectType('SurveyAnswer', {
  description: 'What a member thinks of something it had for points.',
  simpleResolvers: true,
})
export class SurveyAnswerType {
  @Field(() => ID, { description: 'The redemption that it is about.' })
  redemptionId!: string

  @Field(() => Int, { description: 'From 1, bad, to 5, good.' })
  score!: number

  @Field(() => String, { nullable: true, description: 'In the member’s own words; null: none.' })
  comment!: string | null

  @Field(() => DateTimeScalar, { description: 'When it was first given.' })
  answeredAt!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last changed.' })
  changedAt!: number | null
}

export function surveyAnswerType(answer: SurveyAnswer): SurveyAnswerType {
  const { redemptionId, score, comment, answeredAt, changedAt } = answer
  const shown = { redemptionId, score, comment, answeredAt, changedAt }
  return Object.assign(new SurveyAnswerType(), shown)
}

@ObjectType('SurveyComment', {
  description: 'What somebody said about a redemption; who, is not said.',
  simpleResolvers: true,
})
export class SurveyCommentType {
  @Field(() => ID, { description: 'Of which offer.' })
  offerId!: string

  @Field(() => LocalDateScalar, { description: 'The day on which it was fulfilled.' })
  day!: string

  @Field(() => Int, { description: 'From 1 to 5.' })
  score!: number

  @Field(() => String, { description: 'The words.' })
  comment!: string
}

function surveyCommentType({ offerId, day, score, comment }: SurveyComment): SurveyCommentType {
  return Object.assign(new SurveyCommentType(), { offerId, day, score, comment })
}

const SurveyCommentConnection = connectionOf(SurveyCommentType, 'SurveyComment')

@ObjectType('SurveyScore', { description: 'How many gave a score.', simpleResolvers: true })
class SurveyScoreType {
  @Field(() => Int, { description: 'From 1 to 5.' })
  score!: number

  @Field(() => Int, { description: 'How many gave it.' })
  answers!: number
}

/** What members of some redemptions think. */
@ObjectType({ simpleResolvers: true })
abstract class SurveyFiguresType {
  @Field(() => Int, { description: 'How many answered.' })
  count!: number

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The mean of the scores, to four decimal places; null: nobody answered.',
  })
  mean!: string | null

  @Field(() => [SurveyScoreType], { description: 'How many gave each score, from 1 to 5.' })
  distribution!: SurveyScoreType[]

  @Field(() => Int, {
    description: 'How many redemptions were fulfilled, with those that were cancelled later.',
  })
  fulfilled!: number

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'How many of these were answered, from 0 to 1; null: none was fulfilled.',
  })
  answeredShare!: string | null
}

@ObjectType('SurveyVariantResults', {
  description: 'What members think who were in a variant of an experiment.',
  simpleResolvers: true,
})
export class SurveyVariantResultsType extends SurveyFiguresType {
  @Field(() => String, { description: 'The variant.' })
  variant!: string
}

@ObjectType('SurveyResults', {
  description: 'What members think of redemptions that were fulfilled on some days.',
  simpleResolvers: true,
})
export class SurveyResultsType extends SurveyFiguresType {
  span!: SurveySpan

  @Field(() => [SurveyVariantResultsType], {
    description:
      'The same by the variant of an experiment that the member was in when it redeemed: those of the policy in force, then those that it had before. None: there is no such experiment.',
  })
  async byVariant(
    @Ctx() { program }: ProgramContext,
    @Arg('experiment', () => ID, { description: 'The experiment, of the policy.' })
    experiment: string,
  ): Promise<SurveyVariantResultsType[]> {
    const results = await program.surveys.figuresByVariant(experiment, this.span)
    return results.map(({ variant, ...figures }) =>
      Object.assign(new SurveyVariantResultsType(), { variant, ...shownFigures(figures) }),
    )
  }

  @Field(() => SurveyCommentConnection, {
    description: 'What members said, of the newest redemptions first, without names.',
  })
  async comments(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<SurveyCommentType>> {
    assertPageSize(first)
    const list = `survey:${JSON.stringify(this.span.of)}`
    const place = assertCursor(list, ['string', 'number'], after)
    const items = await program.surveys.comments({
      ...this.span,
      limit: first + 1,
      after: place && { day: String(place[0]), id: Number(place[1]) },
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ day, id }) => encodeCursor(list, [day, id]),
      nodeOf: surveyCommentType,
    })
  }
}

export function surveyResultsType(span: SurveySpan, figures: SurveyFigures): SurveyResultsType {
  return Object.assign(new SurveyResultsType(), { span, ...shownFigures(figures) })
}

function shownFigures({ count, mean, distribution, fulfilled, share }: SurveyFigures) {
  return {
    count,
    mean,
    distribution: distribution.map((answers, place) => ({ score: place + 1, answers })),
    fulfilled,
    answeredShare: share,
  }
}
