/** What a price is made of. Money is in minor units of one currency; rates are decimals. */
export interface PriceFigures {
  /** What the offer is worth to a member; ≥ 0, and above 0 unless the price is set by hand. */
  readonly cashValueMinor: number
  /** Decimal places of the currency: 2 for CNY, 0 for JPY. */
  readonly currencyDigits: number
  /** Points for one major unit of cash value: `50` for closed loop, `100` for open loop. */
  readonly ratio: string
  /** The share of the cash value that it costs the programme: `1` is 100%. */
  readonly costRate: string
  /** What a point is worth against what it was to begin with (X8): `1.1` is a tenth more, so that
   * a price is a tenth less. A decimal above 0; default 1. */
  readonly pointValue?: string
  /** What it is sold for; > 0. Without it, or without a discount, the premium is 1. */
  readonly listPriceMinor?: number
  /** The largest discount planned on the list price; ≥ 0 and below it. */
  readonly largestDiscountMinor?: number
  /** Prices are rounded up to a multiple of this; whole points, ≥ 1. */
  readonly step: number
  /** What an operator set by hand; whole points, ≥ 1, taken as it is. */
  readonly handPrice?: number
}
