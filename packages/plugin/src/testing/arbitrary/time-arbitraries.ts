import fc, { type Arbitrary } from 'fast-check'
import { EARLIEST_INSTANT, LATEST_INSTANT } from '../../schema/limits.js'

const DAY_MS = 86_400_000
/** What made-up moments lie around, so that they have to do with each other; epoch milliseconds. */
const ABOUT = Date.UTC(2021, 4, 3, 4)

/** Moments, epoch milliseconds: mostly in the same days, now and then in the same years, rarely anywhere. */
export function instantArbitrary(): Arbitrary<number> {
  return fc.oneof(
    { arbitrary: around(3), weight: 6 },
    { arbitrary: around(400), weight: 3 },
    { arbitrary: fc.integer({ min: EARLIEST_INSTANT, max: LATEST_INSTANT }), weight: 1 },
    { arbitrary: fc.constantFrom(EARLIEST_INSTANT, LATEST_INSTANT, 0), weight: 1 },
  )
}

/** The clock of a decision: a little later than most of what it is about. */
export function nowArbitrary(): Arbitrary<number> {
  return fc.oneof(
    { arbitrary: fc.integer({ min: ABOUT, max: ABOUT + 3 * DAY_MS }), weight: 5 },
    { arbitrary: around(400), weight: 2 },
  )
}

/** Days, `YYYY-MM-DD`, as `instantArbitrary` has moments; but not the first and the last of all, which
 * somewhere on earth begin or end beyond what instants can be. */
export function dateArbitrary(): Arbitrary<string> {
  return instantArbitrary()
    .map((at) => Math.min(Math.max(at, EARLIEST_INSTANT + DAY_MS), LATEST_INSTANT - DAY_MS))
    .map((at) => new Date(at).toISOString().slice(0, 10))
}

/** Moments as ISO 8601 with an offset. */
export function isoArbitrary(): Arbitrary<string> {
  return fc
    .tuple(instantArbitrary(), fc.constantFrom('Z', '+08:00', '-05:30'))
    .map(([at, zone]) => {
      const local = new Date(at).toISOString()
      return `${local.slice(0, zone === 'Z' ? 23 : 19)}${zone}`
    })
}

function around(days: number): Arbitrary<number> {
  return fc.integer({ min: -days * DAY_MS, max: days * DAY_MS }).map((it) => ABOUT + it)
}
