import { MAX_POINTS } from '@pointwell/ledger'
import { decimal, identifier, instant, localDate, text } from '@pointwell/plugin'
import { z } from 'zod'
import { birthday, registerMemberSchema } from '../member/member-input.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import { word } from '../policy/word.js'

/** What files of members and balances say, line by line: what an export writes and an import takes. */

const points = z.int().min(0).max(MAX_POINTS)
const minor = z.int().min(-Number.MAX_SAFE_INTEGER)
const month = z.string().regex(/^\d{4}-\d{2}$/, { error: 'Expected a month: 2026-03.' })
const count = z.int().min(0)
const counters = z.record(z.string().max(500), minor)

/** `02-29`: no year. */
const monthAndDay = z
  .string()
  .regex(/^\d{2}-\d{2}$/, { error: 'Expected a month and a day: 02-29.' })
  .transform((value) => ({ month: Number(value.slice(0, 2)), day: Number(value.slice(3)) }))
  .pipe(birthday)

const waitingSpend = z.strictObject({
  month,
  minor,
  spentMinor: minor.optional(),
  confirmAt: instant().nullable(),
})

const span = { from: instant(), until: instant() }

const deeds = z.strictObject({
  orders: z.int().min(0).optional(),
  minor: minor.optional(),
  months: z
    .record(month, z.strictObject({ minor, days: z.record(z.string(), z.int()) }))
    .optional(),
  earlier: localDate().nullish(),
  acts: counters.optional(),
  streaks: counters.optional(),
  waiting: z
    .record(
      z.string(),
      z.strictObject({
        source: z.string(),
        date: localDate(),
        minor: minor.nullable(),
        tags: z.array(z.string()),
        streak: z.int().nullable(),
        confirmAt: z.int().nullable(),
      }),
    )
    .optional(),
})

/** Of a window, by the number of the step. */
const recent = z.record(z.string().regex(/^\d{1,9}$/), z.tuple([count, count, count, count]))

/** What else the programme remembers of a member, in its own form: for systems of the same kind. */
const memory = z.strictObject({
  activeDays: z
    .strictObject({ last: localDate(), days: z.string().regex(/^[0-9a-f]{1,23}$/) })
    .optional(),
  caps: counters.optional(),
  offers: counters.optional(),
  redeemed: z.int().min(0).optional(),
  transfers: counters.optional(),
  sources: z.record(z.string(), z.unknown()).optional(),
  deeds: deeds.optional(),
  badges: z
    .record(
      z.string(),
      z.strictObject({
        at: z.int(),
        policyVersion: z.int(),
        goal: z.looseObject({ type: z.string() }),
        needed: z.int(),
      }),
    )
    .optional(),
  tierChanges: z
    .array(z.strictObject({ at: z.int(), from: z.string(), to: z.string() }))
    .max(100)
    .optional(),
  spentByDay: z.record(localDate(), minor).optional(),
  boosts: z
    .array(
      z.strictObject({
        name: z.string().max(200),
        factor: decimal({ places: 6, min: '1', max: '10' }),
        from: z.int(),
        until: z.int(),
        sources: z.array(z.string()).nullable(),
        left: z.int().min(0).nullable(),
      }),
    )
    .max(1_000)
    .optional(),
  recent: z.strictObject({ hour: recent, day: recent, week: recent }).optional(),
})

type Told =
  | keyof z.output<typeof memory>
  | 'lastActiveAt'
  | 'spend'
  | 'waiting'
  | 'floors'
  | 'accelerators'
  | 'renewed'
  | 'countedUntil'
  | 'experiments'
/** Does not compile while a part of the memo has no place in a file. */
export type MemoIsTold = [Exclude<keyof ProgrammeMemo, Told>] extends [never] ? true : never
true satisfies MemoIsTold

/** A member (M1), and what the programme's later decisions about it go by. */
export const openingMemberSchema = z.strictObject({
  ...registerMemberSchema.omit({ birthday: true }).shape,
  birthday: monthAndDay.nullish(),
  lastActiveAt: instant().nullish(),
  /** The tier it had; nothing is decided by it. */
  tier: word().nullish(),
  /** The first instant after the membership's term; null: it has no end; absent: as for a new member. */
  membershipUntil: instant().nullish(),
  tierFloors: z
    .array(z.strictObject({ tier: word(), ...span }))
    .max(100)
    .optional(),
  accelerators: z
    .array(z.strictObject({ factor: decimal({ places: 6, min: '1', max: '10' }), ...span }))
    .max(100)
    .optional(),
  /** Minor units by month; years long past as one sum each. */
  qualifyingSpend: z.record(z.string().regex(/^\d{4}(-\d{2})?$/), minor).optional(),
  /** By the order's name. */
  waitingSpend: z.record(z.string().max(500), waitingSpend).optional(),
  memory: memory.optional(),
})

export type OpeningMember = z.output<typeof openingMemberSchema>

const lot = z
  .strictObject({
    kind: word(),
    source: text({ max: 100 }).default('opening'),
    ref: z
      .string()
      .min(1)
      .max(400)
      .regex(/^\P{Cs}*$/u)
      .nullable()
      .default(null),
    /** What it was at first; absent: what is left. */
    granted: points.optional(),
    available: points.default(0),
    pending: points.default(0),
    claimable: points.default(0),
    held: points.default(0),
    frozen: points.default(0),
    /** Absent: when it is brought in. */
    earnedAt: instant().optional(),
    confirmAt: instant().nullable().default(null),
    claimMs: z.int().min(1).max(1e14).nullable().default(null),
    claimBy: instant().nullable().default(null),
    /** The first instant at which it is no longer usable; null: it never expires. */
    expiresAt: instant().nullable(),
    /** Points of it that ran out, and that were cancelled while they waited. */
    lapsed: points.default(0),
    voided: points.default(0),
    /** How often tasks have made it last longer (X5). */
    renewed: z.int().min(0).max(1_000).default(0),
  })
  .superRefine((it, context) => {
    const left = leftOf(it)
    const fault = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (left === 0 && it.granted === undefined) {
      fault('available', 'Expected points in some state, or what it was at first.')
    }
    if (left > MAX_POINTS) fault('available', `Expected ${MAX_POINTS} points at most, all told.`)
    if (it.granted !== undefined && it.granted < left) {
      fault('granted', `Expected no less than what is left, ${left}.`)
    }
    if (it.claimable > 0 && it.claimBy === null) {
      fault('claimBy', 'Expected a deadline for points that are to be claimed.')
    }
  })

export type OpeningLot = z.output<typeof lot>

/** Points of a lot, wherever they are. */
export function leftOf(
  lot: Pick<OpeningLot, 'available' | 'pending' | 'claimable' | 'held' | 'frozen'>,
): number {
  return lot.available + lot.pending + lot.claimable + lot.held + lot.frozen
}

/** What a wallet has: its lots with points in them, what it owes, what of it somebody froze. */
export const openingBalanceSchema = z
  .strictObject({
    member: identifier(),
    lots: z.array(lot).max(100_000).default([]),
    debt: points.default(0),
    /** The membership had run out: what was available is frozen. */
    closed: z.boolean().default(false),
    freezes: z
      .array(
        z.strictObject({
          until: instant().nullable(),
          graceTo: instant().nullable(),
          /** Which lots, counted from 1, and how many points of each. */
          lots: z.array(z.tuple([z.int().min(1), points.min(1)])).min(1),
          /** They were held back from the beginning, by a risk rule (K2). */
          withheld: z.literal(true).optional(),
        }),
      )
      .max(10_000)
      .default([]),
  })
  .superRefine((it, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (it.lots.length === 0 && it.debt === 0) fault(['lots'], 'Expected points, or a debt.')
    const available = it.lots.findIndex((lot) => lot.available > 0)
    if (it.debt > 0 && available >= 0) {
      fault(['debt'], 'Expected nothing available where something is owed: it would be paid.')
    }
    const named = namedByLot(it.freezes)
    for (const [place] of named) {
      if (place >= it.lots.length) fault(['freezes'], `There is no lot ${place + 1}.`)
    }
    for (const [place, { frozen }] of it.lots.entries()) {
      const by = named.get(place) ?? 0
      if (by > frozen) {
        fault(
          ['freezes'],
          `Freezes name ${by} points of lot ${place + 1}, which has ${frozen} frozen.`,
        )
      } else if (by < frozen && !it.closed) {
        fault(['lots', place, 'frozen'], 'Expected a freeze that names these points.')
      }
    }
  })

export type OpeningBalance = z.output<typeof openingBalanceSchema>

/** Points frozen by name, by the lot's place from 0. */
export function namedByLot(freezes: OpeningBalance['freezes']): Map<number, number> {
  const named = new Map<number, number>()
  for (const { lots } of freezes) {
    for (const [number, points] of lots) {
      named.set(number - 1, (named.get(number - 1) ?? 0) + points)
    }
  }
  return named
}
