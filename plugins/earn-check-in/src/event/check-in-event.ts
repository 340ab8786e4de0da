import { localDate } from '@pointwell/plugin'
import { z } from 'zod'

/** A day on which a member was there, or (with a make-up card) shall count as having been. */
export const checkInEvent = z.object({
  date: localDate().describe('The day, in the programme’s zone.'),
  makeUp: z.boolean().default(false).describe('Uses a make-up card for a day that was missed.'),
})

export type CheckInEvent = z.output<typeof checkInEvent>
