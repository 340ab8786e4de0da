/**
 * What the price formula can refuse, in the order in which it is checked. Closed.
 * - `PRICE_FIGURE_INVALID`: `field` names the figure at fault, `detail` says what it must be.
 * - `AMOUNT_TOO_LARGE`: the formula's price is above `limit`, the most points there can be.
 */
export const PRICE_REFUSALS = ['PRICE_FIGURE_INVALID', 'AMOUNT_TOO_LARGE'] as const
export type PriceRefusalCode = (typeof PRICE_REFUSALS)[number]

/** An expected "no" in the shape that the rest of the house passes on; a value, never thrown. */
export interface PriceRefusal {
  readonly refused: true
  readonly code: PriceRefusalCode
  readonly figures: {
    /** The figure at fault, as it is called in `PriceFigures`. */
    readonly field?: string
    readonly limit?: number
    /** What the figure must be; English, for a developer or an operator. */
    readonly detail?: string
  }
}
