import { decimal, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** Points as money on an order (R5). */
export const checkoutSection = z
  .strictObject({
    pointsPerMajor: decimal({ places: 4, min: '0.0001', max: '1000000' })
      .default('100')
      .describe('Points that pay one major unit of money, to begin with.'),
    mostShare: decimal({ places: 6, min: '0', max: '1' })
      .default('0.5')
      .describe('The largest share of an order that points can pay; 0: none.'),
    leastPoints: wholeNumber({ min: 1, max: 1_000_000_000 })
      .default(100)
      .describe('Fewer are not taken.'),
    holdMinutes: wholeNumber({ min: 1, max: 43_200 })
      .default(60)
      .describe('So long points wait for the storefront to say what became of the order.'),
  })
  .prefault({})
