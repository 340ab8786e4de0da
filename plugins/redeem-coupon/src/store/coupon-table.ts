import type { PluginStore } from '@pointwell/plugin'
import type { Coupon, CouponStatus } from '../coupon/coupon.js'
import { CouponCodeEntity } from './coupon-code.entity.js'
import { couponOf, rowOf } from './coupon-row.js'

/** A place in a member's list: newest first, and by code where two were issued at once. */
export interface CouponPlace {
  readonly issuedAt: number
  readonly code: string
}

export async function findCouponByCode(
  store: PluginStore,
  code: string,
): Promise<Coupon | undefined> {
  return findOne(store, { code })
}

export async function findCouponByRedemption(
  store: PluginStore,
  redemptionId: string,
): Promise<Coupon | undefined> {
  return findOne(store, { redemptionId })
}

/** False, and nothing written, where the code or the redemption has a row already. */
export async function insertCoupon(store: PluginStore, coupon: Coupon): Promise<boolean> {
  try {
    await store.write((manager) => manager.insert(CouponCodeEntity, rowOf(coupon)))
    return true
  } catch (error) {
    if (store.isDuplicateKey(error)) return false
    throw error
  }
}

/** Writes the next version of a coupon; false, and nothing written, where somebody else was first. */
export async function replaceCoupon(store: PluginStore, coupon: Coupon): Promise<boolean> {
  const { code, ...rest } = rowOf(coupon)
  const { affected } = await store.write((manager) =>
    manager.update(CouponCodeEntity, { code, version: coupon.version - 1 }, rest),
  )
  return affected === 1
}

/** A member's coupons that were given, newest first, after a place in that order. */
export async function findCouponsOf(
  store: PluginStore,
  {
    memberId,
    status,
    after,
    limit,
    now,
  }: {
    readonly memberId: string
    readonly status?: CouponStatus | null
    readonly after: CouponPlace | null
    readonly limit: number
    readonly now: number
  },
): Promise<Coupon[]> {
  const rows = await store.read((manager) => {
    const query = manager
      .createQueryBuilder(CouponCodeEntity, 'coupon')
      .where('coupon.memberId = :memberId', { memberId })
      .andWhere('coupon.status <> :never', { never: 'never' })
      .orderBy('coupon.issuedAt', 'DESC')
      .addOrderBy('coupon.code', 'DESC')
      .limit(limit)
    if (status) {
      // Nothing is written when a coupon runs out: it is issued in the table and expired by time.
      const isOver = status === 'expired'
      if (status === 'issued') {
        query.andWhere(
          "(coupon.status = 'claimed' OR (coupon.status = 'issued' AND coupon.expiresAt > :now))",
          { now },
        )
      } else query.andWhere('coupon.status = :status', { status: isOver ? 'issued' : status })
      if (isOver) query.andWhere('coupon.expiresAt <= :now', { now })
    }
    if (after) {
      query.andWhere(
        '(coupon.issuedAt < :issuedAt OR (coupon.issuedAt = :issuedAt AND coupon.code < :code))',
        { issuedAt: after.issuedAt, code: after.code },
      )
    }
    return query.getMany()
  })
  return rows.map(couponOf)
}

async function findOne(
  store: PluginStore,
  where: { readonly code: string } | { readonly redemptionId: string },
): Promise<Coupon | undefined> {
  const row = await store.read((manager) => manager.findOneBy(CouponCodeEntity, where))
  return row ? couponOf(row) : undefined
}
