import {
  currency,
  decimal,
  points,
  rate,
  termSchema,
  wholeNumber,
  wordsSchema,
} from '@pointwell/plugin'
import { z } from 'zod'
import { defaultKinds, defaultTierLevels } from './default-policy.js'
import { word } from './word.js'

/** Who runs the programme, and whose days and money it counts in. */
export const programmeSection = z
  .strictObject({
    name: wordsSchema.prefault({ en: 'Pointwell', zh: '积分计划' }),
    zone: z
      .string()
      .max(64)
      .refine(isZone, { error: 'Expected a time zone such as `Asia/Shanghai`.' })
      .default('Asia/Shanghai')
      .describe('IANA time zone: its days, months and years are the programme’s.'),
    currency: currency().default('CNY'),
  })
  .prefault({})

export const eventsSection = z
  .strictObject({
    maxAgeDays: wholeNumber({ min: 1, max: 36_500 })
      .default(365)
      .describe('Events that happened longer ago are refused.'),
    maxFutureMinutes: wholeNumber({ min: 0, max: 1_440 })
      .default(10)
      .describe('How far another system’s clock may be ahead.'),
  })
  .prefault({})

const kind = z.strictObject({
  title: wordsSchema,
  expiry: termSchema,
  bySource: z.record(word(), termSchema).default({}),
  byTier: z.record(word(), termSchema).default({}),
  byActivity: z
    .strictObject({
      high: termSchema.optional(),
      medium: termSchema.optional(),
      low: termSchema.optional(),
    })
    .default({})
    .describe('Other terms by how active the member is (see `activity`).'),
  renewable: z
    .boolean()
    .default(false)
    .describe('Whether tasks renew them that do not name their kinds (see `renewal`).'),
})

/** The operator's list of points kinds, each with its expiry (X1, X2, X3). */
export const kindsSection = z.record(word(), kind).prefault(defaultKinds)

const level = z.strictObject({
  id: word(),
  title: wordsSchema,
  threshold: decimal({ places: 4, min: '0' }).describe(
    'Qualifying spend from which the tier is reached, in major units of the programme’s currency.',
  ),
  earnMultiplier: rate().default('1'),
  birthdayMultiplier: rate().default('2'),
  priceFactor: rate().default('1').describe('Prices in points are multiplied by it.'),
  expiry: termSchema.nullable().default(null).describe('Overrides the expiry of every kind.'),
})

export const tiersSection = z
  .strictObject({
    period: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('calendar-year') }),
        z.strictObject({
          type: z.literal('rolling-months'),
          months: wholeNumber({ min: 1, max: 36 }),
        }),
        z.strictObject({ type: z.literal('lifetime') }),
      ])
      .prefault({ type: 'calendar-year' }),
    graceDays: wholeNumber({ min: 0, max: 366 })
      .default(30)
      .describe('How long a tier outlives the period that earned it.'),
    levels: z.array(level).min(1).max(20).prefault(defaultTierLevels),
  })
  .prefault({})

/** A cap: so many, or other for some tiers; null: none. */
const cap = z.strictObject({
  limit: points().nullable(),
  byTier: z.record(word(), points().nullable()).default({}),
})

export const CAP_PERIODS = ['day', 'week', 'month', 'year', 'lifetime'] as const
export type CapPeriod = (typeof CAP_PERIODS)[number]
export const periodSchema = z.enum(CAP_PERIODS)

/** What a member can earn at most (E8). */
export const capsSection = z
  .strictObject({
    pointsPerDay: cap.nullable().default(null),
    ordersPerDay: cap
      .nullable()
      .default(null)
      .describe('How many orders a day earn anything; those of sources whose events have an id.'),
    pointsPerOrder: cap
      .nullable()
      .default(null)
      .describe('Points that one order earns; of sources whose events have an id.'),
    pointsPerItem: cap
      .nullable()
      .default(null)
      .describe(
        'Points that one article of an order earns, all its pieces together; of sources that tell points by item.',
      ),
    perSource: z
      .record(word(), z.array(cap.extend({ period: periodSchema })).max(5))
      .default({})
      .describe('Points that one source gives a period.'),
    perBehaviour: z
      .record(word(), z.record(word(), z.array(cap.extend({ period: periodSchema })).max(5)))
      .default({})
      .describe('Points that one behaviour gives a period: by source, then by behaviour.'),
  })
  .prefault({})

/** What one operator may credit or debit alone (L6). */
export const adjustmentsSection = z
  .strictObject({
    approvalAbove: points()
      .nullable()
      .default(1_000)
      .describe(
        'Credits and debits of more points than this wait for a second operator. Null: none does.',
      ),
    kind: word()
      .nullable()
      .default(null)
      .describe(
        'The points kind of a credit that names none. Null: `bonus`, or `task` where there is no such kind.',
      ),
  })
  .prefault({})

/** How far a return reaches (L5). */
export const returnsSection = z
  .strictObject({ policy: z.enum(['pending-only', 'within-balance', 'debt']).default('debt') })
  .prefault({})

/** What becomes of points that come back to a lot which expired meanwhile (L2). */
export const reinstateSection = z
  .discriminatedUnion('policy', [
    z.strictObject({
      policy: z.literal('grace'),
      days: wholeNumber({ min: 1, max: 366 }).default(30),
    }),
    z.strictObject({ policy: z.literal('forfeit') }),
  ])
  .prefault({ policy: 'grace' })

export const identitiesSection = z
  .strictObject({
    limits: z
      .record(word(), wholeNumber({ min: 0, max: 100 }))
      .default({ phone: 1, vehicle: 3, card: 5 })
      .describe('Kinds of linked identities, and how many of each a member can have.'),
    earningLimits: z
      .record(word(), wholeNumber({ min: 0, max: 100 }))
      .default({})
      .describe(
        'How many linked identities of a kind a member may have and still earn; with more it earns nothing until an operator clears the case. A kind that is left out: as many as `limits` says.',
      ),
    shared: z
      .record(word(), wholeNumber({ min: 1, max: 500 }))
      .default({ device: 3, payment: 3 })
      .describe(
        'Kinds of identities that are reported with what members do, and how many members one may be seen with; with more, none of them earns anything until an operator clears the case.',
      ),
    sharedDays: wholeNumber({ min: 1, max: 3_660 })
      .default(365)
      .describe('How long it counts that an identity was seen with a member.'),
  })
  .prefault({})

/** How prices in points are made (R2). */
export const quotesSection = z
  .strictObject({ minutes: wholeNumber({ min: 1, max: 1_440 }).default(10) })
  .prefault({})

/** How patiently a channel is asked (R6). */
export const redemptionSection = z
  .strictObject({
    timeoutSeconds: wholeNumber({ min: 1, max: 60 })
      .default(10)
      .describe('A channel that has not answered by then counts as unknown.'),
    retryFirstSeconds: wholeNumber({ min: 1, max: 3_600 }).default(15),
    retryFactor: wholeNumber({ min: 1, max: 10 }).default(2),
    retryLongestSeconds: wholeNumber({ min: 1, max: 86_400 }).default(3_600),
    paymentMinutes: wholeNumber({ min: 1, max: 10_080 })
      .default(15)
      .describe('So long the points wait for the part that is paid in money.'),
  })
  .refine((it) => it.retryFirstSeconds <= it.retryLongestSeconds, {
    path: ['retryLongestSeconds'],
    error: 'Expected at least `retryFirstSeconds`.',
  })
  .prefault({})

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return !/^[+-]/.test(zone)
  } catch {
    return false
  }
}
