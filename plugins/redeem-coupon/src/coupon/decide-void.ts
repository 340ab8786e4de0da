import { type Refusal, refuse } from '@pointwell/plugin'
import { type Coupon, changed, type Decided, findStatus, unchanged } from './coupon.js'

/** Takes a coupon back that nobody used; twice is once. Refuses `COUPON_USED` (also a card whose activation was
 * begun: what it does may be done), `COUPON_EXPIRED`. */
export function decideVoid(
  coupon: Coupon,
  { now }: { readonly now: number },
): Decided | Refusal<'COUPON_USED' | 'COUPON_EXPIRED'> {
  if (coupon.status === 'claimed') return refuse('COUPON_USED')
  switch (findStatus(coupon, now)) {
    case undefined:
    case 'void':
      return unchanged(coupon)
    case 'used':
      return refuse('COUPON_USED')
    case 'expired':
      return refuse('COUPON_EXPIRED')
    case 'issued':
      return changed(coupon, { status: 'void', voidedAt: now })
  }
}
