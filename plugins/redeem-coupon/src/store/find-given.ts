import type { PluginStore } from '@pointwell/plugin'
import { findCouponCode } from '../code/coupon-code.js'
import type { Coupon } from '../coupon/coupon.js'
import { findCouponByCode } from './coupon-table.js'

/** A coupon by its code as somebody typed it, if it was ever given. */
export async function findGiven(store: PluginStore, typed: string): Promise<Coupon | undefined> {
  const code = findCouponCode(typed)
  if (!code) return undefined
  const coupon = await findCouponByCode(store, code)
  return coupon?.status === 'never' ? undefined : coupon
}
