import { cashPart, splitRange } from '@pointwell/economy'
import { type Refusal, refuse, type Step } from '@pointwell/ledger'
import type { Money } from '@pointwell/plugin'
import type { OfferPrice } from './offer-price.js'
import type { OfferTerms } from './offer-terms.js'

/** What of a price is paid in points, and what in money (R4). */
export interface SplitPrice {
  readonly points: number
  /** Null: nothing. */
  readonly cash: Money | null
  readonly steps: readonly Step[]
}

type Split = Pick<OfferTerms, 'pointsAndCash' | 'cashValue'>

/** How many points of a price can be paid, and the money that goes with each end; null: no money. */
export function rangeOf({ pointsAndCash, cashValue }: Split, points: number) {
  if (!pointsAndCash) return null
  const { least, most } = splitRange({ points, ...pointsAndCash })
  const cashFor = (paying: number): Money => ({
    amountMinor: cashPart({ points, cashValueMinor: cashValue.amountMinor }, paying),
    currency: cashValue.currency,
  })
  return { leastPoints: least, mostPoints: most, cashFor }
}

/**
 * A price as a member wants to pay it: `asked` points of it, as many as can be where the member does not
 * say. Refuses INVALID_INPUT (`points`).
 */
export function splitOffer(
  offer: Split,
  price: Pick<OfferPrice, 'points' | 'steps'>,
  asked: number | null | undefined,
): SplitPrice | Refusal<'INVALID_INPUT'> {
  const range = rangeOf(offer, price.points)
  const { leastPoints = price.points, mostPoints = price.points } = range ?? {}
  const paying = asked ?? mostPoints
  if (!Number.isSafeInteger(paying) || paying < leastPoints || paying > mostPoints) {
    const detail =
      leastPoints === mostPoints
        ? `Expected ${mostPoints}.`
        : `Expected ${leastPoints} to ${mostPoints}.`
    return refuse('INVALID_INPUT', { field: 'points', detail })
  }
  const cash = range?.cashFor(paying) ?? null
  if (!cash || cash.amountMinor === 0) return { points: paying, cash: null, steps: price.steps }
  const { amountMinor, currency } = cash
  const inMoney = {
    step: 'cash-part',
    points: paying - price.points,
    figures: { amountMinor, currency },
  }
  return { points: paying, cash, steps: [...price.steps, inMoney] }
}
