import { type Earned, isRefusal, type Refusal } from '@pointwell/plugin'
import {
  DateTimeScalar,
  type PluginContext,
  PointsScalar,
  type RefusalType,
  resultUnion,
  TransactionObject,
  toRefusalType,
  transactionType,
  WalletType,
  walletOf,
} from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, Int, ObjectType } from 'type-graphql'
import type { BehaviourDetails } from '../decision/decide-behaviour.js'

@ObjectType('BehaviourRecorded', { description: 'The act went in.', simpleResolvers: true })
export class BehaviourRecorded {
  /** Not a field. */
  earned!: Earned

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

  @Field(() => PointsScalar, { description: 'Points granted.' })
  points!: number

  @Field(() => TransactionObject, { description: 'What was written down.' })
  transaction!: TransactionObject

  @Field(() => Boolean, { description: 'It had been done before; nothing changed this time.' })
  replayed!: boolean

  @Field(() => WalletType, { description: 'The member’s points as they are now.' })
  wallet(@Ctx() context: PluginContext): Promise<WalletType> {
    return walletOf(context, this.earned.transaction)
  }
}

export const RecordBehaviourResult = resultUnion('RecordBehaviourResult', BehaviourRecorded)

/** What the programme answered, as a result of the API. */
export function behaviourResult(
  answer: Earned | Refusal,
  { language }: PluginContext,
): BehaviourRecorded | RefusalType {
  if (isRefusal(answer)) return toRefusalType(answer, language)
  const { behaviour, left, againAt } = answer.details as BehaviourDetails
  return Object.assign(new BehaviourRecorded(), {
    earned: answer,
    behaviour,
    left,
    againAt,
    points: answer.points,
    transaction: transactionType(answer.transaction),
    replayed: answer.replayed,
  })
}
