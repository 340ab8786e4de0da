import type { DrawnOffer } from '../offer/game-offer.js'
import { addFractions, type Fraction, fraction } from './fraction.js'
import type { PrizeTable } from './prize-table.js'

export interface ExpectedCost {
  readonly points: Fraction
  /** Minor units of the offer's currency. */
  readonly costMinor: Fraction
}

/** What a play gives away on average: Σ chance × points, and × cost. Of a guess one pick of all wins. */
export function expectedCost(table: PrizeTable, type: DrawnOffer['type']): ExpectedCost {
  const plays = type === 'guess' ? table.tickets * table.rows.length : table.tickets
  const mean = (worth: 'points' | 'costMinor') =>
    table.rows.reduce(
      (sum, row) =>
        addFractions(sum, fraction(BigInt(row.tickets) * BigInt(row[worth] ?? 0), plays)),
      fraction(0, 1),
    )
  return { points: mean('points'), costMinor: mean('costMinor') }
}
