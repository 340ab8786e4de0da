import { defineRedemptionChannel, refuse } from '@pointwell/plugin'
import { z } from 'zod'
import { couponFile } from '../file/coupon-file.js'
import { CardResolver } from '../graphql/card.resolver.js'
import { CouponResolver } from '../graphql/coupon.resolver.js'
import { couponMembers } from '../members/coupon-members.js'
import { couponOffer } from '../offer/coupon-offer.js'
import { expiryOf } from '../offer/expiry-of.js'
import { COUPON_PLUGIN_ID } from '../plugin-id.js'
import { couponSettings } from '../settings/coupon-settings.js'
import { AddCards1767225602430 } from '../store/add-cards.migration.js'
import { CouponCodeEntity } from '../store/coupon-code.entity.js'
import { CreateCouponCode1767225600000 } from '../store/create-coupon-code.migration.js'
import { COUPON_REFUSALS, COUPON_TITLE } from '../words/coupon-words.js'
import { cancelCoupon } from './cancel-coupon.js'
import { fulfilCoupon } from './fulfil-coupon.js'

/** Points for coupons (R9): full-reduction, cash, direct deduction and delivery, which orders use; and cards that
 * a member activates: a higher rate, points that last longer (X5), a faster way to the next tier (M4). */
export const redeemCoupon = defineRedemptionChannel({
  id: COUPON_PLUGIN_ID,
  version: '0.1.0',
  contract: '^1.0.0',
  title: COUPON_TITLE,
  loop: 'closed',
  settings: couponSettings,
  offer: couponOffer,
  /** A coupon needs nothing of the member but the points. */
  order: z.strictObject({}).default({}),
  refusals: COUPON_REFUSALS,
  words: { [COUPON_PLUGIN_ID]: COUPON_TITLE },
  resolvers: [CouponResolver, CardResolver],
  entities: [CouponCodeEntity],
  migrations: [CreateCouponCode1767225600000, AddCards1767225602430],
  members: couponMembers,
  files: [couponFile],

  /** Nobody pays for a coupon whose last day is over. */
  check({ settings, offer, calendar, now }) {
    const expiresAt = expiryOf({ offer: offer.details, settings, calendar, issuedAt: now })
    return expiresAt > now ? null : refuse('COUPON_EXPIRED')
  },
  fulfil: fulfilCoupon,
  cancel: cancelCoupon,
})
