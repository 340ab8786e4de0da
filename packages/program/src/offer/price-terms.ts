import { decimal, money, points, rate, text, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

const MOST_STEPS = 50

const byStock = z
  .array(z.strictObject({ leftAtMost: decimal({ places: 6, min: '0', max: '1' }), factor: rate() }))
  .max(MOST_STEPS)
  .refine((steps) => isDistinct(steps.map(({ leftAtMost }) => leftAtMost)), {
    error: 'Expected each `leftAtMost` once.',
  })

const byRegion = z
  .array(z.strictObject({ region: text({ max: 64 }), factor: rate() }))
  .max(1_000)
  .refine((list) => isDistinct(list.map(({ region }) => region)), {
    error: 'Expected each region once.',
  })

const byTier = z
  .array(z.strictObject({ tier: text({ max: 64 }), factor: rate() }))
  .max(100)
  .refine((list) => isDistinct(list.map(({ tier }) => tier)), {
    error: 'Expected each tier once.',
  })

/** A trial on the price: the variants of one experiment, each with what it has otherwise. */
const byExperiment = z.strictObject({
  experiment: text({ max: 64 }),
  variants: z
    .array(
      z.strictObject({
        variant: text({ max: 64 }),
        factor: rate().default('1'),
        byHand: points().min(1).nullable().default(null),
        byStock: byStock.nullable().default(null),
      }),
    )
    .min(1)
    .max(20)
    .refine((list) => isDistinct(list.map(({ variant }) => variant)), {
      error: 'Expected each variant once.',
    }),
})

/** How an offer's price is made (R2) and what changes it (R3); null: what the policy says. */
export const priceTerms = z
  .strictObject({
    ratio: rate().nullable().default(null),
    costRate: rate().default('1'),
    listPrice: money().nullable().default(null),
    largestDiscount: money().nullable().default(null),
    step: wholeNumber({ min: 1, max: 1_000_000 }).nullable().default(null),
    byHand: points().min(1).nullable().default(null),
    floor: points().min(1).nullable().default(null),
    byStock: byStock.default([]),
    byRegion: byRegion.nullable().default(null),
    byTier: byTier.nullable().default(null),
    firstRedemption: rate().nullable().default(null),
    byExperiment: byExperiment.nullable().default(null),
    expiringDiscount: z.boolean().default(false),
  })
  .prefault({})

function isDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length
}
