import type { MemberChanges, PluginStore } from '@pointwell/plugin'
import { CouponCodeEntity } from '../store/coupon-code.entity.js'

/** Coupons of a member that is erased or merged (M8): they are what was paid for, and whoever has the code
 * can use it. */
export const couponMembers: MemberChanges = {
  erased: ({ memberId, pseudonym }, store) => rename(store, memberId, pseudonym),
  merged: ({ from, into }, store) => rename(store, from, into),
}

/** As a change of each coupon: somebody who read it before does not write the old id back. */
async function rename(store: PluginStore, from: string, to: string): Promise<void> {
  await store.write((manager) =>
    manager.update(
      CouponCodeEntity,
      { memberId: from },
      { memberId: to, version: () => 'version + 1' },
    ),
  )
}
