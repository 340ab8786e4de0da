import { checkReason, type RequestContext } from '@pointwell/plugin'
import {
  type Connection,
  PageArgs,
  pageByTime,
  ReasonArg,
  type RefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { GOODS_PLUGIN_ID } from '../plugin-id.js'
import { decideReceive } from '../shipment/decide-receive.js'
import { decideReturnRequest } from '../shipment/decide-return-request.js'
import { findStatus, type ShipmentStatus } from '../shipment/shipment.js'
import { findShipment, findShipmentsOf, placeOfShipment } from '../store/shipment-table.js'
import {
  assertBatch,
  type GoodsMovedType,
  MAX_BATCH,
  MoveGoodsResult,
  moveGoods,
  moveMany,
} from './move-goods.js'
import { refusedAll } from './refused-all.js'
import { ShipmentConnection, ShipmentStatusEnum, ShipmentType, shownTo } from './shipment.object.js'

const LIST = 'shipments'

/** What a member sees of its goods and says about them. */
@Resolver()
export class ShipmentResolver {
  @Extensions({ access: ['member', 'storefront', 'support'] })
  @Query(() => ShipmentType, {
    nullable: true,
    description:
      'What a redemption of goods came to; null: there is none, or it is another member’s.',
  })
  async shipment(
    @Ctx() context: RequestContext,
    @Arg('redemptionId', () => ID, { description: 'The redemption.' }) redemptionId: string,
  ): Promise<ShipmentType | null> {
    const shipment = await findShipment(context.program.store(GOODS_PLUGIN_ID), redemptionId)
    if (!shipment || !findStatus(shipment, context.now())) return null
    const owners = await ownersFor(context)
    return owners?.includes(shipment.memberId) === false ? null : shownTo(context, shipment)
  }

  @Extensions({ access: ['member', 'storefront', 'support'] })
  @Query(() => ShipmentConnection, { description: 'A member’s goods, the newest first.' })
  async shipments(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId?: string | null,
    @Arg('status', () => ShipmentStatusEnum, {
      nullable: true,
      description: 'Only those that are so now.',
    })
    status?: ShipmentStatus | null,
  ): Promise<Connection<ShipmentType>> {
    const owner = context.actingFor(memberId)
    const [current = owner] = await context.program.idsOf(owner)
    const wanted = { memberId: current, status, now: context.now() }
    return pageByTime({
      list: LIST,
      page,
      find: ({ after, limit }) =>
        findShipmentsOf(context.program.store(GOODS_PLUGIN_ID), { ...wanted, after, limit }),
      placeOf: placeOfShipment,
      nodeOf: (shipment) => shownTo(context, shipment),
    })
  }

  @Extensions({ access: ['member', 'storefront', 'support'] })
  @Mutation(() => [MoveGoodsResult], {
    description: `Up to ${MAX_BATCH} goods have come, each with a result of its own, in the same order. Twice is once. A member’s own only.`,
  })
  async receiveGoods(
    @Ctx() context: RequestContext,
    @Arg('redemptionIds', () => [ID], { description: 'The redemptions they were got by.' })
    redemptionIds: string[],
    @ReasonArg() reason: string | null,
  ): Promise<(GoodsMovedType | RefusalType)[]> {
    assertBatch('redemptionIds', redemptionIds)
    const refusal = checkReason(reason)
    if (refusal) return refusedAll(refusal, redemptionIds, context)
    const owners = await ownersFor(context)
    const now = context.now()
    return moveMany(
      context,
      redemptionIds.map((redemptionId) => ({
        redemptionId,
        decide: (shipment) => decideReceive(shipment, { now }),
        ...(owners && { owners }),
      })),
      { name: 'receiveGoods', reason },
    )
  }

  @Extensions({ access: ['member', 'storefront'] })
  @Mutation(() => MoveGoodsResult, {
    description:
      'Asks to give goods back that were received, within the days that their offer allows. Once the return is accepted the redemption can be cancelled; where it is declined the goods say why. Twice is once.',
  })
  async requestGoodsReturn(
    @Ctx() context: RequestContext,
    @Arg('redemptionId', () => ID, { description: 'The redemption they were got by.' })
    redemptionId: string,
  ): Promise<GoodsMovedType | RefusalType> {
    const owners = await ownersFor(context)
    const at = { calendar: context.program.calendar(), now: context.now() }
    return moveGoods(
      context,
      {
        redemptionId,
        decide: (shipment) => decideReturnRequest(shipment, at),
        ...(owners && { owners }),
      },
      { name: 'requestGoodsReturn', reason: null },
    )
  }
}

/** All ids that a member who asks goes by; undefined: who asks may see everybody's. */
async function ownersFor({
  viewer,
  program,
}: RequestContext): Promise<readonly string[] | undefined> {
  if (viewer.kind !== 'member') return undefined
  const ids = await program.idsOf(viewer.subject)
  return [viewer.subject, ...ids]
}
