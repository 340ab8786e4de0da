import { decimal, instant, money, points, text, wholeNumber, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'
import { periodSchema } from '../policy/policy-sections.js'
import { word } from '../policy/word.js'
import { priceTerms } from './price-terms.js'

const ids = z
  .array(text({ max: 64 }))
  .max(1_000)
  .nullable()
  .default(null)

const httpUrl = text({ max: 1_000 }).refine(isHttpUrl, { error: 'Expected an http(s) address.' })

/** Names what is sold for points: letters, digits, hyphens, dots. */
const offerId = text({ max: 64 }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
  error: 'Expected letters, digits, hyphens and dots.',
})

/** A part of the price can be paid in money (R4): what is left of the cash value by the points that are. */
const pointsAndCash = z
  .strictObject({
    leastPointsShare: decimal({ places: 6, min: '0', max: '1' }).default('0'),
    mostPointsShare: decimal({ places: 6, min: '0', max: '1' }).default('1'),
  })
  .refine((it) => Number(it.leastPointsShare) <= Number(it.mostPointsShare), {
    path: ['leastPointsShare'],
    error: 'Expected at most `mostPointsShare`.',
  })

/** What an operator says of an offer (R1); null: no bound, or everybody. */
export const offerTermsSchema = z.strictObject({
  channel: word(),
  title: wordsSchema,
  description: wordsSchema.nullable().default(null),
  pictureUrl: httpUrl.nullable().default(null),
  window: z
    .strictObject({
      from: instant().nullable().default(null),
      until: instant().nullable().default(null),
    })
    .refine(({ from, until }) => from === null || until === null || from < until, {
      path: ['until'],
      error: 'Expected later than `from`.',
    })
    .prefault({}),
  stock: z
    .strictObject({
      total: points().nullable().default(null),
      perDay: points().nullable().default(null),
    })
    .prefault({}),
  limitPerMember: z
    .strictObject({
      count: wholeNumber({ min: 1, max: 1_000_000 }),
      period: periodSchema,
    })
    .nullable()
    .default(null),
  tiers: ids,
  segments: ids,
  badges: ids,
  regions: ids,
  cost: money().nullable().default(null),
  cashValue: money(),
  price: priceTerms,
  pointsAndCash: pointsAndCash.nullable().default(null),
  paidBy: text({ max: 100 }).nullable().default(null),
  details: z.unknown().optional(),
  active: z.boolean().default(true),
})

export const offerSchema = offerTermsSchema.extend({ id: offerId })

export type OfferTerms = z.output<typeof offerTermsSchema>
export type NewOffer = z.input<typeof offerSchema>
/** What is left out stays; null clears what can be empty. */
export type OfferChange = Partial<z.input<typeof offerTermsSchema>> & {
  readonly id: string
  readonly baseVersion?: number | null
}

/** Something a redemption channel sells for points. */
export interface Offer extends OfferTerms {
  readonly id: string
  /** Goes up by one with each change. */
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}

function isHttpUrl(address: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(address).protocol)
  } catch {
    return false
  }
}
