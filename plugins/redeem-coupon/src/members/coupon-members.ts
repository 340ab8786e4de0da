import type { MemberChanges } from '@pointwell/plugin'
import { CouponCodeEntity } from '../store/coupon-code.entity.js'

/** Coupons of a member that is erased or merged (M8): they are what was paid for, and whoever has the code
 * can use it. */
export const couponMembers: MemberChanges = {
  async erased({ memberId, pseudonym }, store) {
    await store.write((manager) =>
      manager.update(CouponCodeEntity, { memberId }, { memberId: pseudonym }),
    )
  },
  async merged({ from, into }, store) {
    await store.write((manager) =>
      manager.update(CouponCodeEntity, { memberId: from }, { memberId: into }),
    )
  },
}
