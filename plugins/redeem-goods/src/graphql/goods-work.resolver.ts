import { checkReason, type RequestContext, refuse } from '@pointwell/plugin'
import {
  type Connection,
  PageArgs,
  pageByTime,
  ReasonArg,
  type RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import { GOODS_PLUGIN_ID } from '../plugin-id.js'
import type { GoodsSettings } from '../settings/goods-settings.js'
import { decidePick } from '../shipment/decide-pick.js'
import { decideReturnAccept } from '../shipment/decide-return-accept.js'
import { decideReturnDecline } from '../shipment/decide-return-decline.js'
import { decideSend } from '../shipment/decide-send.js'
import { decideTopUp } from '../shipment/decide-top-up.js'
import { findWork, placeOfShipment } from '../store/shipment-table.js'
import {
  assertBatch,
  type GoodsMove,
  type GoodsMovedType,
  MAX_BATCH,
  MoveGoodsResult,
  moveGoods,
  moveMany,
} from './move-goods.js'
import { refusedAll } from './refused-all.js'
import { checkSendGoods, SendGoodsInput } from './send-goods.input.js'
import { ShipmentConnection, type ShipmentType, shownTo } from './shipment.object.js'

type Work = Parameters<typeof findWork>[1]['status']
type Moved = GoodsMovedType | RefusalType

const REFERENCE = /^[\x21-\x7e]{1,100}$/

/** What the storefront, or an operator, does about goods. */
@Resolver()
export class GoodsWorkResolver {
  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => ShipmentConnection, { description: 'Goods to be picked, the oldest first.' })
  goodsToPick(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ShipmentType>> {
    return workList(context, 'ordered', page)
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => ShipmentConnection, {
    description: 'Goods that are picked, to be sent, the oldest first.',
  })
  goodsToSend(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ShipmentType>> {
    return workList(context, 'picking', page)
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => ShipmentConnection, { description: 'Top-ups to be done, the oldest first.' })
  topUpsToDo(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ShipmentType>> {
    return workList(context, 'waiting', page)
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => ShipmentConnection, {
    description: 'Returns to be accepted or declined, of the oldest goods first.',
  })
  goodsReturns(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ShipmentType>> {
    return workList(context, 'return-requested', page)
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => [MoveGoodsResult], {
    description: `Picks up to ${MAX_BATCH} goods that were ordered, each with a result of its own, in the same order. Twice is once.`,
  })
  async pickGoods(
    @Ctx() context: RequestContext,
    @Arg('redemptionIds', () => [ID], { description: 'The redemptions they were got by.' })
    redemptionIds: string[],
    @ReasonArg() reason: string | null,
  ): Promise<Moved[]> {
    assertBatch('redemptionIds', redemptionIds)
    const refusal = checkReason(reason)
    if (refusal) return refusedAll(refusal, redemptionIds, context)
    const now = context.now()
    const moves = redemptionIds.map(
      (redemptionId): GoodsMove => ({
        redemptionId,
        decide: (shipment) => decidePick(shipment, { now }),
      }),
    )
    return moveMany(context, moves, { name: 'pickGoods', reason })
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => [MoveGoodsResult], {
    description: `Sends up to ${MAX_BATCH} goods that were picked, each with a result of its own, in the same order. The same again is the same.`,
  })
  async sendGoods(
    @Ctx() context: RequestContext,
    @Arg('input', () => [SendGoodsInput], { description: 'The goods, and who carries them.' })
    input: SendGoodsInput[],
    @ReasonArg() reason: string | null,
  ): Promise<Moved[]> {
    assertBatch('input', input)
    const refusal = checkReason(reason)
    if (refusal) return refusedAll(refusal, input, context)
    const { program } = context
    const now = context.now()
    const { receivedAfterDays } = program.settings(GOODS_PLUGIN_ID) as GoodsSettings
    const calendar = program.calendar()
    const arrivesBy = calendar.endOf(calendar.addDays(calendar.dateOf(now), receivedAfterDays))
    const moves = input.map((one): GoodsMove => {
      const { redemptionId, carrier, trackingNumber: tracking } = one
      return {
        redemptionId,
        decide: (shipment) =>
          checkSendGoods(one) ?? decideSend(shipment, { carrier, tracking, arrivesBy, now }),
      }
    })
    return moveMany(context, moves, { name: 'sendGoods', reason })
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => MoveGoodsResult, {
    description:
      'Accepts that goods are given back, also where that was declined before: the redemption can be cancelled from here on. Twice is once.',
  })
  acceptGoodsReturn(
    @Ctx() context: RequestContext,
    @Arg('redemptionId', () => ID, { description: 'The redemption they were got by.' })
    redemptionId: string,
    @ReasonArg() reason: string | null,
  ): Promise<Moved> | Moved {
    const refusal = checkReason(reason)
    if (refusal) return toRefusalType(refusal, context.language)
    const now = context.now()
    return moveGoods(
      context,
      { redemptionId, decide: (shipment) => decideReturnAccept(shipment, { now }) },
      { name: 'acceptGoodsReturn', reason },
    )
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => MoveGoodsResult, {
    description:
      'Does not take goods back that a member asked to return: the member keeps them. Twice is once.',
  })
  declineGoodsReturn(
    @Ctx() context: RequestContext,
    @Arg('redemptionId', () => ID, { description: 'The redemption they were got by.' })
    redemptionId: string,
    @Arg('reason', () => String, {
      description: 'Why, 1 to 500 characters; the member sees it.',
    })
    reason: string,
  ): Promise<Moved> | Moved {
    const refusal = checkReason(reason)
    if (refusal) return toRefusalType(refusal, context.language)
    const declined = { because: reason, now: context.now() }
    return moveGoods(
      context,
      { redemptionId, decide: (shipment) => decideReturnDecline(shipment, declined) },
      { name: 'declineGoodsReturn', reason },
    )
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => MoveGoodsResult, {
    description: 'A top-up was done: its points are spent. The same again is the same.',
  })
  completeTopUp(
    @Ctx() context: RequestContext,
    @Arg('redemptionId', () => ID, { description: 'The redemption it was got by.' })
    redemptionId: string,
    @Arg('reference', () => String, {
      nullable: true,
      description:
        'The reference of who did it, up to 100 visible ASCII characters; the member sees it.',
    })
    reference: string | null,
    @ReasonArg() reason: string | null,
  ): Promise<Moved> | Moved {
    const isFit = reference === null || reference === undefined || REFERENCE.test(reference)
    const refusal =
      checkReason(reason) ??
      (isFit
        ? null
        : refuse('INVALID_INPUT', {
            field: 'reference',
            detail: 'Expected 1 to 100 visible ASCII characters.',
          }))
    if (refusal) return toRefusalType(refusal, context.language)
    const done = { outcome: 'given', note: reference ?? null, now: context.now() } as const
    return toppedUp(
      context,
      { redemptionId, decide: (shipment) => decideTopUp(shipment, done) },
      { name: 'completeTopUp', reason },
    )
  }

  @Extensions({ access: ['storefront', 'support'] })
  @Mutation(() => MoveGoodsResult, {
    description: 'A top-up cannot be done: its points go back. Twice is once.',
  })
  failTopUp(
    @Ctx() context: RequestContext,
    @Arg('redemptionId', () => ID, { description: 'The redemption it was got by.' })
    redemptionId: string,
    @Arg('reason', () => String, {
      description: 'Why, 1 to 500 characters; the member sees it.',
    })
    reason: string,
  ): Promise<Moved> | Moved {
    const refusal = checkReason(reason)
    if (refusal) return toRefusalType(refusal, context.language)
    const failed = { outcome: 'failed', note: reason, now: context.now() } as const
    return toppedUp(
      context,
      { redemptionId, decide: (shipment) => decideTopUp(shipment, failed) },
      { name: 'failTopUp', reason },
    )
  }
}

/** What became of a top-up, and of the points that were held for it: the programme asks at once. */
async function toppedUp(
  context: RequestContext,
  move: GoodsMove,
  act: Parameters<typeof moveGoods>[2],
): Promise<Moved> {
  const moved = await moveGoods(context, move, act)
  if ('shipment' in moved) await context.program.askAgain(move.redemptionId)
  return moved
}

function workList(
  context: RequestContext,
  status: Work,
  page: PageArgs,
): Promise<Connection<ShipmentType>> {
  return pageByTime({
    list: `goods:${status}`,
    page,
    find: (wanted) => findWork(context.program.store(GOODS_PLUGIN_ID), { status, ...wanted }),
    placeOf: placeOfShipment,
    nodeOf: (shipment) => shownTo(context, shipment),
  })
}
