import type { ChannelContext } from '@pointwell/plugin'
import { makeCouponCode } from '../code/coupon-code.js'
import type { CouponOffer } from '../offer/coupon-offer.js'
import { expiryOf } from '../offer/expiry-of.js'
import type { CouponSettings } from '../settings/coupon-settings.js'
import type { Coupon } from './coupon.js'

export type CouponOrder = Record<string, never>
export type CouponContext = ChannelContext<CouponSettings, CouponOffer, CouponOrder>

/**
 * The coupon that a redemption gets, with a code of its own and the terms of today. Where its last
 * day is over before it could be given it is `never` issued.
 */
export function newCoupon({
  settings,
  offer,
  redemption,
  calendar,
  now,
}: Pick<CouponContext, 'settings' | 'offer' | 'redemption' | 'calendar' | 'now'>): Coupon {
  const expiresAt = expiryOf({ offer: offer.details, settings, calendar, issuedAt: now })
  return {
    code: makeCouponCode(settings.codePrefix),
    redemptionId: redemption.id,
    memberId: redemption.memberId,
    offerId: offer.id,
    title: offer.title,
    type: offer.details.type,
    ...amountsOf(offer.details, settings),
    currency: offer.currency,
    issuedAt: now,
    expiresAt,
    extended: false,
    status: expiresAt > now ? 'issued' : 'never',
    use: null,
    releasedOrderId: null,
    voidedAt: null,
    version: 1,
  }
}

function amountsOf(
  offer: CouponOffer,
  { cashRemainder }: CouponSettings,
): Pick<Coupon, 'amountMinor' | 'thresholdMinor'> {
  switch (offer.type) {
    case 'full-reduction':
      return { amountMinor: offer.offMinor, thresholdMinor: offer.thresholdMinor }
    case 'cash':
      return {
        amountMinor: offer.worthMinor,
        thresholdMinor: cashRemainder === 'order-covers' ? offer.worthMinor : 0,
      }
    case 'direct-deduction':
      return { amountMinor: offer.offMinor, thresholdMinor: 0 }
  }
}
