import type { Words } from '@pointwell/plugin'
import type { Activation, Card } from '../card/card.js'
import type { CouponType } from '../offer/coupon-offer.js'

/** `claimed`: a card's activation was begun and is not known to be done; a repeat ends it. `never`: its
 * redemption was over before a coupon was given; it only keeps the redemption from getting one later, and
 * nobody sees it. */
export type StoredStatus = 'issued' | 'claimed' | 'used' | 'void' | 'never'

/** What a member or a storefront is told: a coupon nobody used in time is expired. */
export type CouponStatus = 'issued' | 'used' | 'expired' | 'void'

/** Money is in minor units of `currency`, instants are epoch milliseconds. */
export interface Coupon {
  /** As it is kept: upper case, no groups. */
  readonly code: string
  readonly redemptionId: string
  readonly memberId: string
  readonly offerId: string
  readonly title: Words
  readonly type: CouponType
  /** What it takes off an order, or off its delivery fee, at most; 0: a card. */
  readonly amountMinor: number
  /** The least an order must come to; 0: any order. Fixed when it was issued. */
  readonly thresholdMinor: number
  readonly currency: string
  readonly issuedAt: number
  /** The first instant at which it can no longer be used. */
  readonly expiresAt: number
  /** It was given time once more by a cancelled order, which happens only once. */
  readonly extended: boolean
  readonly status: StoredStatus
  readonly use: CouponUse | null
  /** Null: it is for orders. */
  readonly card: Card | null
  /** Null: nobody has begun to activate it. */
  readonly activation: Activation | null
  /** The order that last gave it back, so that doing so twice is once. */
  readonly releasedOrderId: string | null
  readonly voidedAt: number | null
  /** Goes up by one with each change: who saw another version changes nothing. */
  readonly version: number
}

export interface CouponUse {
  readonly orderId: string
  /** What the order came to before the discount. */
  readonly orderMinor: number
  readonly discountMinor: number
  /** The delivery fee before the discount; null: it is not about that. */
  readonly feeMinor: number | null
  readonly at: number
}

/** Undefined for a coupon that was never given. */
export function findStatus(coupon: Coupon, now: number): CouponStatus | undefined {
  if (coupon.status === 'never') return undefined
  // Begun in time: it can be brought to its end.
  if (coupon.status === 'claimed') return 'issued'
  if (coupon.status === 'issued' && now >= coupon.expiresAt) return 'expired'
  return coupon.status
}

/** What a change of a coupon comes to: the coupon as it is to be, or as it was when nothing has to be
 * written because it was done before. */
export interface Decided {
  readonly refused?: undefined
  readonly coupon: Coupon
  readonly isNew: boolean
}

export function changed(coupon: Coupon, change: Partial<Coupon>): Decided {
  return { coupon: { ...coupon, ...change, version: coupon.version + 1 }, isNew: true }
}

export function unchanged(coupon: Coupon): Decided {
  return { coupon, isNew: false }
}
