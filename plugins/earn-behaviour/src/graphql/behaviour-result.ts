import type { Earned, Refusal } from '@pointwell/plugin'
import {
  DateTimeScalar,
  EarnedType,
  earnedResult,
  type PluginContext,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { BehaviourDetails } from '../decision/decide-behaviour.js'

@ObjectType('BehaviourRecorded', { description: 'The act went in.', simpleResolvers: true })
export class BehaviourRecorded extends EarnedType {
  @Field(() => ID, { description: 'Which behaviour it was.' })
  behaviour!: string

  @Field(() => Int, {
    description: 'How many times were left in the period of the act, right after it.',
  })
  left!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Where none was left: from when on it earns again; null: now, or never again.',
  })
  againAt!: number | null
}

export const RecordBehaviourResult = resultUnion('RecordBehaviourResult', BehaviourRecorded)

/** What the programme answered, as a result of the API. */
export function behaviourResult(
  answer: Earned | Refusal,
  context: PluginContext,
): BehaviourRecorded | RefusalType {
  return earnedResult(BehaviourRecorded, answer, {
    context,
    more: ({ details }) => {
      const { behaviour, left, againAt } = details as BehaviourDetails
      return { behaviour, left, againAt }
    },
  })
}
