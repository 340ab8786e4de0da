import { refuse } from '@pointwell/ledger'
import {
  badUserInput,
  LocalDateScalar,
  type RefusalType,
  resultUnion,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql'
import { MEMBER_AND_STOREFRONT, OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { findVisible } from '../redemption/find-visible.js'
import { orRefusal } from '../refusal/or-refusal.js'
import {
  SurveyAnswerType,
  SurveyResultsType,
  surveyAnswerType,
  surveyResultsType,
} from './survey.object.js'

const MOST_DAYS = 366

const AnswerSurveyResult = resultUnion(
  'AnswerSurveyResult',
  SurveyAnswerType,
  'The answer as it is now, or why not.',
)

@InputType({ description: 'What a member thinks of a redemption.' })
export class AnswerSurveyInput {
  @Field(() => ID, { description: 'Which redemption.' })
  redemptionId!: string

  @Field(() => Int, { description: 'From 1, bad, to 5, good.' })
  score!: number

  @Field(() => String, {
    nullable: true,
    description: 'In the member’s own words, up to 1,000 characters.',
  })
  comment?: string | null
}

@Resolver()
export class SurveyResolver {
  @Extensions({ access: MEMBER_AND_STOREFRONT })
  @Mutation(() => AnswerSurveyResult, {
    description:
      'Says what a member thinks of what it had for points: once a redemption, and changed for as long as the policy lets it (`survey`). The same again is the same.',
  })
  async answerSurvey(
    @Ctx() context: ProgramContext,
    @Arg('input', () => AnswerSurveyInput, { description: 'Of which redemption, and what.' })
    { redemptionId, score, comment = null }: AnswerSurveyInput,
  ): Promise<SurveyAnswerType | RefusalType> {
    const redemption = await findVisible(context, redemptionId)
    if (!redemption) {
      const refusal = refuse('REDEMPTION_NOT_FOUND', { field: 'redemptionId' })
      return toRefusalType(refusal, context.language)
    }
    const answered = context.program.surveys.answer({ redemption, score, comment })
    return orRefusal(answered, context, surveyAnswerType)
  }

  @Extensions({ access: OPERATORS })
  @Query(() => SurveyResultsType, {
    description:
      'What members think of redemptions that were fulfilled on some days of the programme, at most 366: of an offer, of a channel, or of all.',
  })
  async surveyResults(
    @Ctx() { program }: ProgramContext,
    @Arg('from', () => LocalDateScalar, { description: 'The first day.' }) from: string,
    @Arg('to', () => LocalDateScalar, { description: 'The last day, all of it.' }) to: string,
    @Arg('offerId', () => ID, { nullable: true, description: 'Of this offer only.' })
    offerId?: string | null,
    @Arg('channel', () => ID, {
      nullable: true,
      description: 'Of this channel only; not beside `offerId`.',
    })
    channel?: string | null,
  ): Promise<SurveyResultsType> {
    if (to < from) throw badUserInput('Expected no earlier than `from`.', { field: 'to' })
    const { calendar } = program.policies.at(program.ledger.clock())
    if (calendar.daysBetween(from, to) >= MOST_DAYS) {
      throw badUserInput(`Expected at most ${MOST_DAYS} days.`, { field: 'to' })
    }
    if (offerId && channel) {
      throw badUserInput('Expected nothing beside `offerId`.', { field: 'channel' })
    }
    const of = offerId ? { offerId } : channel ? { channel } : null
    const span = { of, from, to }
    return surveyResultsType(span, await program.surveys.figures(span))
  }
}
