import type { ChannelContext } from '@pointwell/plugin'
import { MAX_POINTS } from '@pointwell/plugin'
import type { Card } from '../card/card.js'
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
    card: cardOf(offer.details),
    activation: null,
    releasedOrderId: null,
    voidedAt: null,
    version: 1,
  }
}

/** What a coupon for all of a delivery fee takes off at most. */
export const WHOLE_FEE = MAX_POINTS

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
    case 'delivery':
      return {
        amountMinor: offer.offMinor ?? WHOLE_FEE,
        thresholdMinor: offer.thresholdMinor ?? 0,
      }
    default:
      return { amountMinor: 0, thresholdMinor: 0 }
  }
}

/** Null: it is for orders. */
function cardOf(offer: CouponOffer): Card | null {
  switch (offer.type) {
    case 'rate-up': {
      const { type, factor, days, orders = null, sources = null } = offer
      return { type, factor, days, orders, sources }
    }
    case 'expiry-extension': {
      const { type, days = null, months = null, withinDays = null } = offer
      return { type, days, months, withinDays }
    }
    case 'tier-accelerator': {
      const { type, factor, days } = offer
      return { type, factor, days }
    }
    default:
      return null
  }
}
