import type { PluginStore, Refusal } from '@pointwell/plugin'
import type { Coupon, Decided } from '../coupon/coupon.js'
import { replaceCoupon } from './coupon-table.js'

/** Each lost round means that somebody else changed this coupon; a coupon has no life for so many. */
const MOST_ROUNDS = 100

/**
 * Changes a coupon by a pure decision over what it is now: of several at once exactly one is written,
 * and the others decide again over what that one left. Undefined where `find` finds none.
 */
export async function changeCoupon<R extends Refusal>(
  store: PluginStore,
  {
    find,
    decide,
  }: {
    readonly find: () => Promise<Coupon | undefined>
    readonly decide: (coupon: Coupon) => Decided | R
  },
): Promise<Coupon | R | undefined> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const coupon = await find()
    if (!coupon) return undefined
    const decided = decide(coupon)
    if (decided.refused) return decided
    if (!decided.isNew || (await replaceCoupon(store, decided.coupon))) return decided.coupon
  }
  throw new Error('A coupon changed all the time, so that this change never came to its turn.')
}
