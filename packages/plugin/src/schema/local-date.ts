import { z } from 'zod'
import { builderKinds } from './builder-kinds.js'

/** A day of the programme's own time zone, `YYYY-MM-DD`, one that the calendar has, from 1900 on. */
export function localDate() {
  return z.iso
    .date()
    .refine((date) => date >= '1900-01-01', { error: 'Expected a day from 1900 on.' })
    .register(builderKinds, { kind: 'local-date' })
}
