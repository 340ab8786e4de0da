import { z } from 'zod'
import { builderKinds } from './builder-kinds.js'
import { EARLIEST_INSTANT, LATEST_INSTANT } from './limits.js'

const range = { error: 'Expected a moment from 1900 to 9999.' }
const epochMs = z.int().min(EARLIEST_INSTANT, range).max(LATEST_INSTANT, range)

/**
 * A moment: ISO 8601 with an offset (`2021-05-03T09:30:00+08:00`) or epoch milliseconds, from 1900 to
 * 9999. Comes out as epoch milliseconds, and takes its own output. What is finer than a
 * millisecond is cut off.
 */
export function instant() {
  return z
    .union([z.iso.datetime({ offset: true }), epochMs], {
      error: 'Expected a moment: ISO 8601 with an offset, or epoch milliseconds.',
    })
    .transform((value) => (typeof value === 'number' ? value : Date.parse(value)))
    .pipe(epochMs)
    .register(builderKinds, { kind: 'instant' })
}
