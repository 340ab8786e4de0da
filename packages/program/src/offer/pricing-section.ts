import { decimal, rate, text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

/** How prices in points are made where an offer says nothing of its own (R2, R3). */
export const pricingSection = z
  .strictObject({
    openLoopRatio: rate().default('100'),
    closedLoopRatio: rate().default('50'),
    step: wholeNumber({ min: 1, max: 1_000_000 })
      .default(1)
      .describe('Prices are rounded up to it.'),
    regions: z
      .record(text({ max: 64 }), rate())
      .default({})
      .describe('Prices are multiplied by the factor of the member’s region.'),
    firstRedemption: rate()
      .default('1')
      .describe('The price of what a member redeems first is multiplied by it.'),
    expiring: z
      .strictObject({
        days: wholeNumber({ min: 1, max: 366 })
          .default(15)
          .describe('Points whose last day is at most so many days ahead run out soon.'),
        factor: decimal({ places: 6, min: '0.000001', max: '1' })
          .default('0.9')
          .describe('What is paid with them costs so much of itself, for offers that are marked.'),
      })
      .prefault({}),
    floorShare: decimal({ places: 6, min: '0', max: '1' })
      .default('0')
      .describe('No change makes a price less than this share of it.'),
  })
  .prefault({})
