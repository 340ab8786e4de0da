import { z } from 'zod'
import { builderKinds } from './builder-kinds.js'

/** Neither control characters nor halves of surrogate pairs: what every store and screen can show. Nor
 * what turns the text around it: a name must not change how the line that it is shown in reads. */
const SHOWABLE = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u

/** One line of text. `min` (1 unless told) and `max` count UTF-16 units. */
export function text({ min = 1, max }: { min?: number; max: number }) {
  return z
    .string()
    .min(min, { abort: true })
    .max(max, { abort: true })
    .regex(SHOWABLE, { error: 'Expected text without control characters or broken characters.' })
    .register(builderKinds, { kind: 'text', min, max })
}

/**
 * A name that another system gave to something (an order, a member, an article): 1 to `max` (64
 * unless told) visible ASCII characters, no spaces. Upper and lower case differ. ASCII, because two
 * ids that look alike must be alike for every database.
 */
export function identifier({ max = 64 }: { max?: number } = {}) {
  return z
    .string()
    .min(1, { abort: true })
    .max(max, { abort: true })
    .regex(/^[\x21-\x7e]+$/, {
      error: 'Expected an id of visible ASCII characters without spaces.',
    })
    .register(builderKinds, { kind: 'identifier', max })
}
