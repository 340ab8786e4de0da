import { identifier, instant, text } from '@pointwell/plugin'
import { z } from 'zod'
import { word } from '../policy/word.js'

/** Days of each month, in a leap year: 29 February is a birthday. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export const birthday = z
  .strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) })
  .refine(({ month, day }) => day <= DAYS[month - 1]!, {
    path: ['day'],
    error: 'Expected a day that the month has.',
  })

const consents = z
  .array(z.strictObject({ channel: word(), granted: z.boolean() }))
  .max(20)
  .refine((list) => new Set(list.map(({ channel }) => channel)).size === list.length, {
    error: 'Expected each channel once.',
  })

const identities = z
  .array(
    z.strictObject({
      kind: word(),
      // Databases compare text without the spaces it ends in.
      value: text({ max: 128 }).refine((value) => value.trim() === value, {
        error: 'Expected no spaces around it.',
      }),
    }),
  )
  .max(100)

const region = text({ max: 64 }).refine((value) => value.trim() === value, {
  error: 'Expected no spaces around it.',
})

/** Ids of members that were merged into this one where it comes from (O3), and when; no request has them. */
const formerIds = z
  .array(z.strictObject({ id: identifier(), mergedAt: instant() }))
  .max(100)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
    error: 'Expected each id once.',
  })

/** Null clears what can be empty; what is left out is unknown, or stays. */
export const registerMemberSchema = z.strictObject({
  id: identifier(),
  joinedAt: instant().nullish(),
  birthday: birthday.nullish(),
  region: region.nullish(),
  staff: z.boolean().nullish(),
  consent: consents.nullish(),
  identities: identities.nullish(),
  formerIds: formerIds.nullish(),
})

export const updateMemberSchema = registerMemberSchema.omit({ joinedAt: true, formerIds: true })

export type RegisterMember = z.input<typeof registerMemberSchema>
export type UpdateMember = z.input<typeof updateMemberSchema>
export type NewMember = z.output<typeof registerMemberSchema>
export type MemberChange = z.output<typeof updateMemberSchema>
