import { isRefusal, type Refusal, type RequestContext, refuse } from '@pointwell/plugin'
import {
  type Connection,
  PageArgs,
  pageByTime,
  type RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Args, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { Coupon, CouponStatus, Decided } from '../coupon/coupon.js'
import { decideRelease } from '../coupon/decide-release.js'
import { decideUse } from '../coupon/decide-use.js'
import { COUPON_PLUGIN_ID } from '../plugin-id.js'
import type { CouponSettings } from '../settings/coupon-settings.js'
import { changeCoupon } from '../store/change-coupon.js'
import { findCouponsOf } from '../store/coupon-table.js'
import { findGiven } from '../store/find-given.js'
import { checkDeliveryFee, checkOrderAmount, checkOrderId } from './check-order.js'
import { CouponConnection, CouponStatusEnum, CouponType, couponType } from './coupon.object.js'
import { CouponReleasedType, ReleaseCouponInput, ReleaseCouponResult } from './release-coupon.js'
import { CouponUsedType, UseCouponInput, UseCouponResult } from './use-coupon.js'

const DAY_MS = 86_400_000
const LIST = 'coupons'

@Resolver()
export class CouponResolver {
  @Extensions({ access: ['storefront', 'support'] })
  @Query(() => CouponType, {
    nullable: true,
    description: 'A coupon by its code, however it was typed; null: there is none.',
  })
  async coupon(
    @Ctx() context: RequestContext,
    @Arg('code', () => String, { description: 'The code as the member typed it.' }) typed: string,
  ): Promise<CouponType | null> {
    const coupon = await findGiven(context.program.store(COUPON_PLUGIN_ID), typed)
    return coupon ? shown(context, coupon) : null
  }

  @Extensions({ access: ['member', 'storefront', 'support'] })
  @Query(() => CouponConnection, { description: 'A member’s coupons, the newest first.' })
  async coupons(
    @Ctx() context: RequestContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId?: string | null,
    @Arg('status', () => CouponStatusEnum, {
      nullable: true,
      description: 'Only those that are so now.',
    })
    status?: CouponStatus | null,
  ): Promise<Connection<CouponType>> {
    const owner = context.actingFor(memberId)
    const [current = owner] = await context.program.idsOf(owner)
    const wanted = { memberId: current, status, now: context.now() }
    return pageByTime({
      list: LIST,
      page,
      find: ({ after, limit }) =>
        findCouponsOf(context.program.store(COUPON_PLUGIN_ID), {
          ...wanted,
          after: after && { issuedAt: after.at, code: after.id },
          limit,
        }),
      placeOf: ({ issuedAt: at, code: id }) => ({ at, id }),
      nodeOf: (coupon) => shown(context, coupon),
    })
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => UseCouponResult, {
    description:
      'Uses a coupon for an order, once: the same order again gets the same answer, another order is refused.',
  })
  async useCoupon(
    @Ctx() context: RequestContext,
    @Arg('input', () => UseCouponInput, { description: 'The coupon and the order.' }) {
      code,
      orderId,
      orderAmount,
      deliveryFee: fee = null,
    }: UseCouponInput,
  ): Promise<CouponUsedType | RefusalType> {
    const refusal =
      checkOrderId(orderId) ??
      checkOrderAmount(orderAmount.amountMinor) ??
      checkDeliveryFee(fee?.amountMinor)
    if (refusal) return toRefusalType(refusal, context.language)
    const { amountMinor: orderMinor, currency } = orderAmount
    const now = context.now()
    const answer = await change(context, code, (coupon) =>
      decideUse(coupon, { orderId, orderMinor, currency, fee, now }),
    )
    if (isRefusal(answer)) return toRefusalType(answer, context.language)
    const coupon = shown(context, answer)
    return Object.assign(new CouponUsedType(), { coupon, discount: coupon.discount })
  }

  @Extensions({ access: ['storefront'] })
  @Mutation(() => ReleaseCouponResult, {
    description:
      'Gives a coupon back because the order that used it was cancelled. Twice is once; only that order can.',
  })
  async releaseCoupon(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReleaseCouponInput, { description: 'The coupon and the order.' }) {
      code,
      orderId,
    }: ReleaseCouponInput,
  ): Promise<CouponReleasedType | RefusalType> {
    const refusal = checkOrderId(orderId)
    if (refusal) return toRefusalType(refusal, context.language)
    const settings = context.program.settings(COUPON_PLUGIN_ID) as CouponSettings
    const graceMs = settings.graceOnReleaseDays * DAY_MS
    const now = context.now()
    const answer = await change(context, code, (coupon) =>
      decideRelease(coupon, { orderId, graceMs, now }),
    )
    if (isRefusal(answer)) return toRefusalType(answer, context.language)
    return Object.assign(new CouponReleasedType(), { coupon: shown(context, answer) })
  }
}

/** The coupon after a decision over it, or the refusal; `COUPON_NOT_FOUND` where there is none. */
async function change(
  context: RequestContext,
  typed: string,
  decide: (coupon: Coupon) => Decided | Refusal,
): Promise<Coupon | Refusal> {
  const changed = await changeCoupon(context.program.store(COUPON_PLUGIN_ID), {
    find: () => findGiven(context.program.store(COUPON_PLUGIN_ID), typed),
    decide,
  })
  return changed ?? refuse('COUPON_NOT_FOUND', { field: 'code' })
}

function shown(context: RequestContext, coupon: Coupon): CouponType {
  return couponType(coupon, { language: context.language, now: context.now() })
}
