import {
  isRefusal,
  type OperatorAct,
  type Refusal,
  type RequestContext,
  refuse,
} from '@pointwell/plugin'
import {
  badUserInput,
  type RefusalType,
  resultUnion,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Field, ObjectType } from 'type-graphql'
import { GOODS_PLUGIN_ID } from '../plugin-id.js'
import { type Decided, refuseAs, type Shipment } from '../shipment/shipment.js'
import { changeShipment } from '../store/change-shipment.js'
import { ShipmentType, shownTo } from './shipment.object.js'

/** As many as one call moves. */
export const MAX_BATCH = 100

@ObjectType('GoodsMoved', {
  description: 'Goods as they are now.',
  simpleResolvers: true,
})
export class GoodsMovedType {
  @Field(() => ShipmentType, { description: 'The goods as they are now.' })
  shipment!: ShipmentType
}

export const MoveGoodsResult = resultUnion(
  'MoveGoodsResult',
  GoodsMovedType,
  'The goods as they are now, or why not.',
)

export interface GoodsMove {
  readonly redemptionId: string
  readonly decide: (shipment: Shipment) => Decided | Refusal
  /** Whose they must be, by all ids that the member goes by; absent: anybody's. */
  readonly owners?: readonly string[]
}

/**
 * Moves goods by a pure decision over what they are, with the audit's entry where it is an
 * operator's act. `GOODS_NOT_FOUND` where there are none, or another member's.
 */
export async function moveGoods(
  context: RequestContext,
  { redemptionId, decide, owners }: GoodsMove,
  act: Pick<OperatorAct, 'name' | 'reason'>,
): Promise<GoodsMovedType | RefusalType> {
  const { program, language } = context
  const answer = await changeShipment(program.store(GOODS_PLUGIN_ID), {
    redemptionId,
    decide: (shipment) => {
      const isHidden = shipment.status === 'never' || owners?.includes(shipment.memberId) === false
      return isHidden ? refuseAs(undefined) : decide(shipment)
    },
    written: (manager, { before, after }) =>
      program.recordAct(
        manager,
        { ...act, context },
        {
          target: { kind: 'shipment', id: redemptionId },
          member: before.memberId,
          before: { status: before.status },
          after: { status: after.status },
          key: null,
        },
      ),
  })
  const found = answer ?? refuse('GOODS_NOT_FOUND')
  if (isRefusal(found)) {
    const figures = {
      ...found.figures,
      ...(found.code === 'GOODS_NOT_FOUND' && { field: 'redemptionId' }),
    }
    return toRefusalType({ ...found, figures }, language)
  }
  return Object.assign(new GoodsMovedType(), { shipment: shownTo(context, found) })
}

/** One after the other, so that the same goods twice in one call are moved once. */
export async function moveMany(
  context: RequestContext,
  moves: readonly GoodsMove[],
  act: Pick<OperatorAct, 'name' | 'reason'>,
): Promise<(GoodsMovedType | RefusalType)[]> {
  const answers: (GoodsMovedType | RefusalType)[] = []
  for (const move of moves) answers.push(await moveGoods(context, move, act))
  return answers
}

export function assertBatch(field: string, input: readonly unknown[]): void {
  if (input.length >= 1 && input.length <= MAX_BATCH) return
  throw badUserInput(`Send 1 to ${MAX_BATCH} at once.`, { field })
}
