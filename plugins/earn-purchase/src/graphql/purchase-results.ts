import { type Earned, isRefusal, type Refusal } from '@pointwell/plugin'
import {
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
import { type ClassType, Ctx, Field, ObjectType } from 'type-graphql'
import { PurchaseType, purchaseType } from './purchase.object.js'

/** What all that can be done with an order answers with. */
@ObjectType({ simpleResolvers: true })
abstract class PurchasePosted {
  /** Not a field. */
  earned!: Earned

  @Field(() => TransactionObject, { description: 'What was written down.' })
  transaction!: TransactionObject

  @Field(() => PointsScalar, {
    description: 'Points granted or confirmed; negative: taken back.',
  })
  points!: number

  @Field(() => Boolean, { description: 'It had been done before; nothing changed this time.' })
  replayed!: boolean

  @Field(() => PurchaseType, { description: 'The order as it is now.' })
  async purchase(@Ctx() { program }: PluginContext): Promise<PurchaseType> {
    const record = await program.findEarned({ source: 'purchase', once: this.earned.once })
    if (!record) throw new Error(`The order ${this.earned.once} was just written, and is gone.`)
    return purchaseType(record)
  }

  @Field(() => WalletType, { description: 'The member’s points as they are now.' })
  wallet(@Ctx() context: PluginContext): Promise<WalletType> {
    return walletOf(context, this.earned.transaction)
  }
}

@ObjectType('PurchaseRecorded', { description: 'The order went in.', simpleResolvers: true })
export class PurchaseRecorded extends PurchasePosted {}

@ObjectType('PurchaseConfirmed', { description: 'The order is confirmed.', simpleResolvers: true })
export class PurchaseConfirmed extends PurchasePosted {}

@ObjectType('PurchaseReturned', {
  description: 'What came back is accounted for.',
  simpleResolvers: true,
})
export class PurchaseReturned extends PurchasePosted {}

@ObjectType('PurchaseCancelled', { description: 'The order is cancelled.', simpleResolvers: true })
export class PurchaseCancelled extends PurchasePosted {}

export const RecordPurchaseResult = resultUnion('RecordPurchaseResult', PurchaseRecorded)
export const ConfirmPurchaseResult = resultUnion('ConfirmPurchaseResult', PurchaseConfirmed)
export const ReturnPurchaseResult = resultUnion('ReturnPurchaseResult', PurchaseReturned)
export const CancelPurchaseResult = resultUnion('CancelPurchaseResult', PurchaseCancelled)

/** What the programme answered, as a result of the API. */
export function purchaseResult<Posted extends PurchasePosted>(
  type: ClassType<Posted>,
  answer: Earned | Refusal,
  { language }: PluginContext,
): Posted | RefusalType {
  if (isRefusal(answer)) return toRefusalType(namingTheOrder(answer), language)
  return Object.assign(new type(), {
    earned: answer,
    transaction: transactionType(answer.transaction),
    points: answer.points,
    replayed: answer.replayed,
  })
}

/** What is wrong with an order as such is wrong with what named it. */
function namingTheOrder({ code, figures, ...rest }: Refusal): Refusal {
  const isOfOrder = code === 'ORDER_NOT_FOUND' || code === 'ORDER_CANCELLED'
  return { ...rest, code, figures: isOfOrder ? { field: 'orderId', ...figures } : figures }
}
