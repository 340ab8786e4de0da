import type { Refusal } from '@pointwell/ledger'
import {
  PointsScalar,
  TransactionObject,
  transactionType,
  WalletType,
} from '@pointwell/ledger/graphql'
import { type ClassType, Ctx, Field, ObjectType } from 'type-graphql'
import type { Earned } from '../contract/request-context.js'
import { isRefusal } from '../decision/refuse.js'
import { type PluginContext, walletOf } from './plugin-context.js'
import { type RefusalType, toRefusalType } from './refusal.object.js'

/** What a source's mutation answers with, whatever more its own type says. */
@ObjectType({ simpleResolvers: true })
export abstract class EarnedType {
  /** Not a field. */
  earned!: Earned

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

/** What the programme answered, as a result of the API; `more`: what the type has besides. */
export function earnedResult<Type extends EarnedType>(
  type: ClassType<Type>,
  answer: Earned | Refusal,
  {
    context,
    more = () => ({}),
  }: {
    readonly context: Pick<PluginContext, 'language'>
    readonly more?: (earned: Earned) => Partial<Type>
  },
): Type | RefusalType {
  if (isRefusal(answer)) return toRefusalType(answer, context.language)
  return Object.assign(new type(), more(answer), {
    earned: answer,
    points: answer.points,
    transaction: transactionType(answer.transaction),
    replayed: answer.replayed,
  })
}
