import { type Refusal, refuse } from '@pointwell/plugin'
import { type Coupon, changed, type Decided, findStatus, unchanged } from '../coupon/coupon.js'
import type { Activation } from './card.js'

/** No request takes as long: what an earlier one began with a card is over by then. */
const CLAIM_MS = 3_600_000

/**
 * Begins to activate a card: from then on its redemption cannot be cancelled. Where somebody began before
 * and did not come to an end, joins in; where it is activated, the same again is the same. Refusals, in the
 * order in which they are checked: `COUPON_NOT_A_CARD`, `COUPON_VOID`, `COUPON_USED` (under another key),
 * `COUPON_EXPIRED`.
 */
export function decideClaim(
  coupon: Coupon,
  { key, now }: { readonly key: string | null; readonly now: number },
): Decided | Refusal {
  const { card, activation, status } = coupon
  if (!card) return refuse('COUPON_NOT_A_CARD', { field: 'code' })
  if (status === 'void') return refuse('COUPON_VOID')
  if (activation) {
    const isOther = key !== null && activation.key !== null && key !== activation.key
    if (isOther) return refuse('COUPON_USED')
    // A version of its own: whoever began before no longer gives the card back.
    return status === 'used' ? unchanged(coupon) : changed(coupon, {})
  }
  if (findStatus(coupon, now) === 'expired') return refuse('COUPON_EXPIRED')
  return changed(coupon, {
    status: 'claimed',
    activation: { at: now, key, until: null, points: null },
  })
}

/** The programme has done what the card does. */
export function decideActivated(
  coupon: Coupon,
  done: Pick<Activation, 'at' | 'key' | 'until' | 'points'>,
): Decided {
  return coupon.status === 'used'
    ? unchanged(coupon)
    : changed(coupon, { status: 'used', activation: done })
}

/**
 * The programme would not: the card is as it was, where nobody else can be at it: `own` is the version that
 * this caller wrote, and it began with the card itself, or whoever did is long gone.
 */
export function decideUnclaim(
  coupon: Coupon,
  { own, isFirst, now }: { readonly own: number; readonly isFirst: boolean; readonly now: number },
): Decided {
  const { status, activation, version } = coupon
  if (status !== 'claimed' || !activation || version !== own) return unchanged(coupon)
  if (!isFirst && now - activation.at < CLAIM_MS) return unchanged(coupon)
  return changed(coupon, { status: 'issued', activation: null })
}
