import type { Calendar } from '@pointwell/plugin'

/** So many days are kept: the longest window that a policy can ask for. */
export const KEPT_DAYS = 92

/**
 * On which days a member did something, small enough to move with every posting: bit n of `days`
 * (hexadecimal) is the day n days before `last`.
 */
export interface ActiveDays {
  readonly last: string
  readonly days: string
}

const KEPT = (1n << BigInt(KEPT_DAYS)) - 1n

/** With one more day, which may lie before the last one: what is told of late happened when it did. */
export function addActiveDay(
  known: ActiveDays | null,
  { date, calendar }: { date: string; calendar: Calendar },
): ActiveDays {
  if (!known) return { last: date, days: '1' }
  const later = calendar.daysBetween(known.last, date)
  if (later >= KEPT_DAYS) return { last: date, days: '1' }
  const days = bitsOf(known)
  if (later > 0) {
    return { last: date, days: (((days << BigInt(later)) | 1n) & KEPT).toString(16) }
  }
  return { last: known.last, days: ((days | (1n << BigInt(-later))) & KEPT).toString(16) }
}

/** The days of both. */
export function joinActiveDays(
  one: ActiveDays | null,
  other: ActiveDays | null,
  calendar: Calendar,
): ActiveDays | null {
  if (!one || !other) return one ?? other
  const [early, late] = one.last < other.last ? [one, other] : [other, one]
  const between = calendar.daysBetween(early.last, late.last)
  const earlier = between >= KEPT_DAYS ? 0n : bitsOf(early) << BigInt(between)
  return { last: late.last, days: ((bitsOf(late) | earlier) & KEPT).toString(16) }
}

/** How many of the `windowDays` days that end with `through` were active. */
export function countActiveDays(
  known: ActiveDays | null,
  { through, windowDays, calendar }: { through: string; windowDays: number; calendar: Calendar },
): number {
  if (!known) return 0
  const days = bitsOf(known)
  const newest = calendar.daysBetween(through, known.last)
  let count = 0
  for (let bit = Math.max(0, newest); bit < Math.min(newest + windowDays, KEPT_DAYS); bit++) {
    if ((days >> BigInt(bit)) & 1n) count++
  }
  return count
}

function bitsOf({ days }: ActiveDays): bigint {
  return BigInt(`0x${days}`)
}
