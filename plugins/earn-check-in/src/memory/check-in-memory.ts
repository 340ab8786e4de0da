import { localDate, wholeNumber } from '@pointwell/plugin'
import { z } from 'zod'

const day = localDate()

/**
 * What the source remembers of a member: the runs of days on end that a make-up can still join, the
 * latest always among them, earliest first; and the cards used in the month of the last make-up.
 */
export const checkInMemory = z.object({
  runs: z
    .array(z.object({ first: day, last: day, length: wholeNumber({ min: 1, max: 10_000_000 }) }))
    .default([]),
  cards: z
    .object({ month: z.string().regex(/^\d{4}-\d{2}$/), used: wholeNumber({ min: 0, max: 1_000 }) })
    .nullable()
    .default(null),
})

export type CheckInMemory = z.output<typeof checkInMemory>
/** Days on end: how many days there were, which is not always what subtracting dates says (a zone
 * can skip a day). */
export type Run = CheckInMemory['runs'][number]
