import type { Big } from 'big.js'

/** One step of how a price came about (L9). */
export interface PriceStep {
  readonly step: 'cash-value' | 'cost-rate' | 'premium' | 'point-value' | 'rounding' | 'hand-price'
  /** Points after less points before: a whole number, or a decimal string where it is none. */
  readonly points: number | string
  readonly figures: { readonly [name: string]: number | string }
}

/**
 * The steps from nothing to the last amount. A stage that changed nothing is left out, except the
 * first, so that even the plainest price says what it is made of.
 */
export function explainPrice(
  stages: readonly {
    readonly step: PriceStep['step']
    /** Points after this stage. */
    readonly amount: Big
    readonly figures: PriceStep['figures']
  }[],
): PriceStep[] {
  return stages.flatMap(({ step, amount, figures }, index) => {
    const before = stages[index - 1]?.amount
    if (before?.eq(amount)) return []
    return [{ step, points: asPoints(before ? amount.minus(before) : amount), figures }]
  })
}

/** A number where it is whole and safe, else the exact decimal. */
export function asPoints(amount: Big): number | string {
  const isWhole = amount.eq(amount.round(0))
  return isWhole && amount.abs().lte(Number.MAX_SAFE_INTEGER) ? amount.toNumber() : amount.toFixed()
}
