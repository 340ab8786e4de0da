import type { Calendar } from '@pointwell/plugin'
import type { CouponSettings } from '../settings/coupon-settings.js'
import type { CouponOffer } from './coupon-offer.js'

/** The first instant at which a coupon issued at `issuedAt` can no longer be used; epoch
 * milliseconds. A coupon always lasts to the end of a day of the programme's time zone. */
export function expiryOf({
  offer,
  settings,
  calendar,
  issuedAt,
}: {
  readonly offer: CouponOffer
  readonly settings: CouponSettings
  readonly calendar: Calendar
  readonly issuedAt: number
}): number {
  const { validity = { days: settings.validityDays } } = offer
  if ('until' in validity) return calendar.endOf(validity.until)
  return calendar.endOf(calendar.addDays(calendar.dateOf(issuedAt), validity.days))
}
