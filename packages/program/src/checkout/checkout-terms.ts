import { type CheckoutTerms, moneyForPoints, mostAtCheckout } from '@pointwell/economy'
import { type Refusal, refuse } from '@pointwell/ledger'
import { type Money, minorDigits } from '@pointwell/plugin'
import { servingPointValue } from '../point-value/point-value-at.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'

/** What points can pay of an order. */
export interface AtCheckout {
  readonly points: number
  readonly pays: Money
}

/** The terms of an order at an instant. Refuses CURRENCY_NOT_SUPPORTED (`orderAmount`). */
export function checkoutTerms(
  order: Money,
  { policy, now }: { policy: PolicyInForce; now: number },
): CheckoutTerms | Refusal<'CURRENCY_NOT_SUPPORTED' | 'INVALID_INPUT'> {
  const { programme, checkout } = policy.document
  if (order.currency !== programme.currency) {
    return refuse('CURRENCY_NOT_SUPPORTED', { field: 'orderAmount' })
  }
  if (order.amountMinor < 0) {
    return refuse('INVALID_INPUT', {
      field: 'orderAmount',
      detail: 'Expected nothing or more.',
    })
  }
  const { pointsPerMajor, mostShare, leastPoints } = checkout
  return {
    pointsPerMajor,
    mostShare,
    leastPoints,
    currencyDigits: minorDigits(order.currency),
    pointValue: servingPointValue(policy, now),
    orderMinor: order.amountMinor,
  }
}

/**
 * So many points on an order: what they pay, and how many of them that takes. Refuses CHECKOUT_TOO_FEW
 * (`needed`), CHECKOUT_TOO_MANY (`limit`: the most that the order takes; 0: none).
 */
export function payOrder(
  points: number,
  { terms, currency }: { terms: CheckoutTerms; currency: string },
): AtCheckout | Refusal<'CHECKOUT_TOO_FEW' | 'CHECKOUT_TOO_MANY'> {
  const most = mostAtCheckout(Number.MAX_SAFE_INTEGER, terms)
  if (points > most.points) {
    return refuse('CHECKOUT_TOO_MANY', { field: 'points', limit: most.points })
  }
  if (points < terms.leastPoints) {
    return refuse('CHECKOUT_TOO_FEW', { field: 'points', needed: terms.leastPoints })
  }
  const taken = mostAtCheckout(points, terms)
  // So many points, and yet not one minor unit of money.
  if (taken.points === 0)
    return refuse('CHECKOUT_TOO_FEW', { field: 'points', needed: most.points })
  return { points: taken.points, pays: { amountMinor: taken.paysMinor, currency } }
}

/** What all of `points` come to, for a screen. */
export function worthOf(points: number, terms: CheckoutTerms, currency: string): Money {
  return { amountMinor: moneyForPoints(points, terms), currency }
}
