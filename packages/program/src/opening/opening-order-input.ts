import { identifier, instant, text } from '@pointwell/plugin'
import { z } from 'zod'
import { PAYMENT_STATUSES, type PaymentBody } from '../checkout/payment-record.js'
import type { EarnBody } from '../earning/earn-record.js'

/** What files of orders say, line by line: what was earned and what was paid with points, as far as it
 * decides what happens to it later. Lots go by their places in the member's line of balances, from 1. */

const points = z.int().min(0)
const minor = z.int()
const place = z.int().min(1)
const text400 = z
  .string()
  .min(1)
  .max(400)
  .regex(/^\P{Cs}*$/u)
const json = z.json()
const object = z.record(z.string(), json)
const id = z.string().length(22)

const part = z.strictObject({
  campaign: z.string().nullable(),
  department: z.string().optional(),
  lot: z.int().min(0),
  granted: points,
  standing: points,
  extra: points,
})

/** An event as `EarnBody` keeps it, but for what is called otherwise in another system. */
const earned = z.strictObject({
  once: z.string().min(1),
  event: json,
  at: instant(),
  decidedAt: instant(),
  facts: z.looseObject({ tier: z.looseObject({ id: z.string() }) }),
  overLinked: z.boolean().optional(),
  core: z.boolean().optional(),
  memory: json.optional(),
  seen: z.strictObject({ acts: z.array(json), others: z.array(json) }).optional(),
  parts: z.array(part).optional(),
  granted: points,
  standing: points,
  qualifyingMinor: minor,
  factor: z.string().optional(),
  month: z.string().regex(/^\d{4}-\d{2}$/),
  deed: z
    .strictObject({
      minor: minor.nullable(),
      tags: z.array(z.string()),
      streak: z.int().nullable(),
    })
    .nullish(),
  counted: z.array(z.tuple([z.string(), z.enum(['points', 'orders'])])),
  boosted: z.string().optional(),
  pending: z.strictObject({ confirmAt: instant().nullable() }).nullable(),
  held: z
    .strictObject({ rule: z.string().max(40), reason: z.string().max(400), until: instant() })
    .optional(),
  confirmedAt: instant().nullable(),
  cancelledAt: instant().nullable(),
  returns: z.array(z.strictObject({ key: text400, taken: json })),
  forgiven: points,
  forgivenByLot: z.array(points).optional(),
})

type CalledOtherwise = 'memberId' | 'lots' | 'policyVersion' | 'version' | 'origin'
/** Does not compile while a part of what is kept of an event has no place in a file. */
export type EventIsTold = [
  Exclude<keyof EarnBody, keyof z.output<typeof earned> | CalledOtherwise>,
] extends [never]
  ? true
  : never
true satisfies EventIsTold

/** What was answered, for when the very same is sent again. `by`: the id that the member went by then, where
 * it is another by now. */
const answers = z.array(
  z.strictObject({
    act: z.enum(['earn', 'return', 'confirm', 'cancel']),
    by: identifier().optional(),
    /** Of a return. */
    key: text400.optional(),
    points: z.int(),
    details: json.optional(),
  }),
)

const payment = z.strictObject({
  orderId: text({ max: 100 }),
  orderAmount: z.strictObject({ amountMinor: minor, currency: z.string() }),
  points,
  pays: z.strictObject({ amountMinor: minor, currency: z.string() }),
  status: z.enum(PAYMENT_STATUSES),
  attempt: z.int().min(1),
  createdAt: instant(),
  settledAt: instant().nullable(),
  returnedMinor: minor,
  returnedPoints: points,
  tier: z.string(),
})

type PaidElsewhere = 'memberId' | 'version' | 'origin'
export type PaymentIsTold = [
  Exclude<keyof PaymentBody, keyof z.output<typeof payment> | PaidElsewhere>,
] extends [never]
  ? true
  : never
true satisfies PaymentIsTold

/** A policy that orders behind it were decided by. */
export const openingPolicySchema = z.strictObject({ policy: id, document: object })

export const openingEarnedSchema = z.strictObject({
  member: identifier(),
  source: identifier(),
  /** What it goes by among all of its source. */
  ref: text400,
  policy: id,
  lots: z.array(place).max(100),
  earned,
  answers: answers.max(10_000),
})

export const openingPaymentSchema = z.strictObject({
  member: identifier(),
  payment,
  /** From which lots its points were taken, how many of each, and how many came back. */
  hold: z.strictObject({ taken: z.array(z.tuple([place, points])), back: points }),
  /** Calls that were made about it. */
  answers: z
    .array(
      z.strictObject({
        act: identifier({ max: 100 }),
        by: identifier().optional(),
        content: object,
      }),
    )
    .max(10_000),
})

export type OpeningPolicy = z.output<typeof openingPolicySchema>
export type OpeningEarned = z.output<typeof openingEarnedSchema>
export type OpeningPayment = z.output<typeof openingPaymentSchema>
export type OpeningOrder = OpeningPolicy | OpeningEarned | OpeningPayment
