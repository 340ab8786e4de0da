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
import { PurchaseType, purchaseType } from './purchase.object.js'

/** What all that can be done with an order answers with. */
@ObjectType({ simpleResolvers: true })
abstract class PurchasePosted extends EarnedType {
  @Field(() => PointsScalar, {
    description: 'Points granted or confirmed; negative: taken back.',
  })
  override points!: number

  @Field(() => PurchaseType, { description: 'The order as it is now.' })
  async purchase(@Ctx() { program }: PluginContext): Promise<PurchaseType> {
    const record = await program.findEarned({ source: 'purchase', once: this.earned.once })
    if (!record) throw new Error(`The order ${this.earned.once} was just written, and is gone.`)
    return purchaseType(record)
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
  context: PluginContext,
): Posted | RefusalType {
  return earnedResult(type, isRefusal(answer) ? namingTheOrder(answer) : answer, { context })
}

/** What is wrong with an order as such is wrong with what named it. */
function namingTheOrder({ code, figures, ...rest }: Refusal): Refusal {
  const isOfOrder = code === 'ORDER_NOT_FOUND' || code === 'ORDER_CANCELLED'
  return { ...rest, code, figures: isOfOrder ? { field: 'orderId', ...figures } : figures }
}
