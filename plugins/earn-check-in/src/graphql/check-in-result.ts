import { type Earned, isRefusal, type Refusal } from '@pointwell/plugin'
import {
  LocalDateScalar,
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
import { Ctx, Field, Int, ObjectType } from 'type-graphql'
import type { CheckInDetails } from '../decision/decide-check-in.js'

@ObjectType('CheckedIn', { description: 'The day is checked in for.', simpleResolvers: true })
export class CheckedIn {
  /** Not a field. */
  earned!: Earned

  @Field(() => LocalDateScalar, { description: 'The day, in the programme’s zone.' })
  date!: string

  @Field(() => Int, { description: 'Days on end with this one, right after it.' })
  streak!: number

  @Field(() => Int, { description: 'Make-up cards that were left this month, right after it.' })
  cardsLeft!: number

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

export const CheckInResult = resultUnion('CheckInResult', CheckedIn)

/** What the programme answered, as a result of the API. */
export function checkInResult(
  answer: Earned | Refusal,
  { language }: PluginContext,
): CheckedIn | RefusalType {
  if (isRefusal(answer)) return toRefusalType(answer, language)
  const { date, streak, cardsLeft } = answer.details as CheckInDetails
  return Object.assign(new CheckedIn(), {
    earned: answer,
    date,
    streak,
    cardsLeft,
    points: answer.points,
    transaction: transactionType(answer.transaction),
    replayed: answer.replayed,
  })
}
