import type { Earned, Refusal } from '@pointwell/plugin'
import {
  EarnedType,
  earnedResult,
  LocalDateScalar,
  type PluginContext,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import { Field, Int, ObjectType } from 'type-graphql'
import type { CheckInDetails } from '../decision/decide-check-in.js'

@ObjectType('CheckedIn', { description: 'The day is checked in for.', simpleResolvers: true })
export class CheckedIn extends EarnedType {
  @Field(() => LocalDateScalar, { description: 'The day, in the programme’s zone.' })
  date!: string

  @Field(() => Int, { description: 'Days on end with this one, right after it.' })
  streak!: number

  @Field(() => Int, { description: 'Make-up cards that were left this month, right after it.' })
  cardsLeft!: number
}

export const CheckInResult = resultUnion('CheckInResult', CheckedIn)

/** What the programme answered, as a result of the API. */
export function checkInResult(
  answer: Earned | Refusal,
  context: PluginContext,
): CheckedIn | RefusalType {
  return earnedResult(CheckedIn, answer, {
    context,
    more: ({ details }) => {
      const { date, streak, cardsLeft } = details as CheckInDetails
      return { date, streak, cardsLeft }
    },
  })
}
