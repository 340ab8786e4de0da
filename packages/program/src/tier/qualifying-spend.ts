/**
 * Qualifying spend (M3) in minor units, by the month in which it was spent. Years long over are
 * folded into one sum, so that the member's state stays small for ever: keys are `2026-03`, `2019`.
 */
export type SpendByMonth = Readonly<Record<string, number>>

/** Months are kept apart for this year and so many before it: the longest rolling window (36) and
 * the longest grace reach no further back. */
const YEARS_BY_MONTH = 4

/** Spend of an order that is not confirmed yet; it counts from `confirmAt` on (null: by a call). */
export interface WaitingSpend {
  readonly month: string
  readonly minor: number
  /** What was really spent, where more counts (M4). */
  readonly spentMinor?: number
  readonly confirmAt: number | null
}

export interface QualifyingSpend {
  readonly spend: SpendByMonth
  /** By the order's name. */
  readonly waiting: Readonly<Record<string, WaitingSpend>>
}

/** Adds to a month, or takes away. */
export function addSpend(
  spend: SpendByMonth,
  { month, minor, thisYear }: { month: string; minor: number; thisYear: number },
): SpendByMonth {
  const folded = foldYears(spend, thisYear)
  const year = month.slice(0, 4)
  const key = isFolded(Number(year), thisYear) ? year : month
  const sum = (folded[key] ?? 0) + minor
  if (sum !== 0) folded[key] = sum
  else delete folded[key]
  return folded
}

/** What waited until `now` or before counts from now on like everything else. */
export function countWaiting(
  qualifying: QualifyingSpend,
  { now, thisYear }: { now: number; thisYear: number },
): QualifyingSpend {
  let { spend } = qualifying
  const waiting: Record<string, WaitingSpend> = {}
  for (const [order, it] of Object.entries(qualifying.waiting)) {
    if (it.confirmAt !== null && it.confirmAt <= now) spend = addSpend(spend, { ...it, thisYear })
    else waiting[order] = it
  }
  return { spend, waiting }
}

/** A call confirms an order: what it spent counts. */
export function confirmSpend(
  { spend, waiting }: QualifyingSpend,
  { order, thisYear }: { order: string; thisYear: number },
): QualifyingSpend {
  const { [order]: confirmed, ...others } = waiting
  if (!confirmed) return { spend, waiting }
  return { spend: addSpend(spend, { ...confirmed, thisYear }), waiting: others }
}

/** A return takes back spend, wherever the order's spend is by now. */
export function takeBackSpend(
  { spend, waiting }: QualifyingSpend,
  taken: { order: string; month: string; minor: number; spentMinor: number; thisYear: number },
): QualifyingSpend {
  const { [taken.order]: still, ...others } = waiting
  if (!still) return { spend: addSpend(spend, { ...taken, minor: -taken.minor }), waiting }
  const minor = still.minor - taken.minor
  if (minor === 0) return { spend, waiting: others }
  const left =
    still.spentMinor === undefined ? {} : { spentMinor: still.spentMinor - taken.spentMinor }
  return { spend, waiting: { ...others, [taken.order]: { ...still, minor, ...left } } }
}

/** Spend from one month through another, both `YYYY-MM`, with what waited until `at`. */
export function sumSpend(
  { spend, waiting }: QualifyingSpend,
  { from, through, at }: { from: string; through: string; at: number },
): number {
  let sum = 0
  for (const [key, minor] of Object.entries(spend)) {
    const month = monthOfKey(key, through)
    if (from <= month && month <= through) sum += minor
  }
  for (const { month, minor, confirmAt } of Object.values(waiting)) {
    const counts = confirmAt !== null && confirmAt <= at
    if (counts && from <= month && month <= through) sum += minor
  }
  return sum
}

/** A folded year counts as its last month, or as the month asked about when that is in it. */
function monthOfKey(key: string, through: string): string {
  if (key.length > 4) return key
  return through.startsWith(key) ? through : `${key}-12`
}

function foldYears(spend: SpendByMonth, thisYear: number): Record<string, number> {
  const folded: Record<string, number> = {}
  for (const [key, minor] of Object.entries(spend)) {
    const year = key.slice(0, 4)
    const to = isFolded(Number(year), thisYear) ? year : key
    folded[to] = (folded[to] ?? 0) + minor
  }
  return folded
}

function isFolded(year: number, thisYear: number): boolean {
  return year < thisYear - YEARS_BY_MONTH
}
