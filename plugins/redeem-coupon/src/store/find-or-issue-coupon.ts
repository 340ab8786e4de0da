import type { PluginStore } from '@pointwell/plugin'
import type { Coupon } from '../coupon/coupon.js'
import { findCouponByRedemption, insertCoupon } from './coupon-table.js'

/** A code that exists is met once in 2^80; more than one in a row means something else is wrong. */
const MOST_ROUNDS = 3

/**
 * The one coupon of a redemption: the one there is, or a new one. The unique redemption decides
 * between several at once and between this call and one that died half-way; `make` gives a coupon
 * with a fresh code each time.
 */
export async function findOrIssueCoupon(
  store: PluginStore,
  redemptionId: string,
  make: () => Coupon,
): Promise<Coupon> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const known = await findCouponByRedemption(store, redemptionId)
    if (known) return known
    const coupon = make()
    if (await insertCoupon(store, coupon)) return coupon
  }
  const known = await findCouponByRedemption(store, redemptionId)
  if (known) return known
  throw new Error('Every new coupon code was taken.')
}
