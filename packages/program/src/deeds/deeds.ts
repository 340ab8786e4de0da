/** Orders of one month: their amount in minor units, and of each day (`1` to `31`) how many. */
export interface OrderMonth {
  readonly minor: number
  readonly days: Readonly<Record<string, number>>
}

/** What one event counts as, once it is confirmed. */
export interface Deed {
  /** The source whose event it is. */
  readonly source: string
  /** The local date on which it happened. */
  readonly date: string
  /** What an order is worth, minor units; null: it is no order. */
  readonly minor: number | null
  /** Categories of what was bought, the behaviour's name: those that somebody asks for. */
  readonly tags: readonly string[]
  /** How many in a row it makes; null: the source does not count that. */
  readonly streak: number | null
}

export interface WaitingDeed extends Deed {
  /** Epoch milliseconds; null: by a call. */
  readonly confirmAt: number | null
}

/**
 * What a member has done and what of it stands (M6, M7): sums, so that nobody has to look through the
 * books for them. Orders are kept by day as far back as segments look, and as one sum for ever.
 */
export interface Deeds {
  readonly orders: number
  /** Minor units. */
  readonly minor: number
  readonly months: Readonly<Record<string, OrderMonth>>
  /** The last order of the months that are not kept any more. */
  readonly earlier: string | null
  /** Events that stand, by source (`check-in`) and by what they were about (`purchase:tea`). */
  readonly acts: Readonly<Record<string, number>>
  /** The longest in a row, by source. */
  readonly streaks: Readonly<Record<string, number>>
  /** Not confirmed yet, by the event's name. */
  readonly waiting: Readonly<Record<string, WaitingDeed>>
}

export const NO_DEEDS: Deeds = {
  orders: 0,
  minor: 0,
  months: {},
  earlier: null,
  acts: {},
  streaks: {},
  waiting: {},
}

/** As they are stored: without what is empty. */
export function writeDeeds(deeds: Deeds): Partial<Deeds> {
  const isEmpty = (part: unknown) =>
    part === 0 || part === null || (typeof part === 'object' && Object.keys(part).length === 0)
  return Object.fromEntries(Object.entries(deeds).filter(([, part]) => !isEmpty(part)))
}

export function readDeeds(stored: Partial<Deeds> | undefined): Deeds {
  return stored ? { ...NO_DEEDS, ...stored } : NO_DEEDS
}

/** How far back orders are kept by day: so many months, that of `today` included. */
export interface Kept {
  readonly today: string
  readonly months: number
}

/** Counts an event from now on. */
export function addDeed(deeds: Deeds, deed: Deed, kept: Kept): Deeds {
  const { source, tags, streak, minor } = deed
  const counted: Deeds = {
    ...deeds,
    acts: moveAll(deeds.acts, actsOf(source, tags), 1),
    streaks:
      streak === null
        ? deeds.streaks
        : { ...deeds.streaks, [source]: Math.max(countIn(deeds.streaks, source), streak) },
  }
  return minor === null ? counted : addOrder(counted, { date: deed.date, minor }, kept)
}

/**
 * Takes back what of an event no longer stands: all of it, or what `left` (amount and tags) does not
 * have any more. An order of which nothing is left is no order.
 */
export function takeBackDeed(deeds: Deeds, deed: Deed, left: Deed | null): Deeds {
  const gone = left ? deed.tags.filter((tag) => !left.tags.includes(tag)) : deed.tags
  const acts = [...(left ? [] : [deed.source]), ...gone.map((tag) => actName(deed.source, tag))]
  const counted = { ...deeds, acts: moveAll(deeds.acts, acts, -1) }
  if (deed.minor === null) return counted
  return takeBackOrder(counted, {
    date: deed.date,
    minor: deed.minor - (left?.minor ?? 0),
    orders: left ? 0 : 1,
  })
}

/** What has confirmed by itself by `now` (epoch milliseconds) counts like everything else. */
export function countWaitingDeeds(deeds: Deeds, now: number, kept: Kept): Deeds {
  let counted = deeds
  for (const [name, { confirmAt, ...deed }] of Object.entries(deeds.waiting)) {
    if (confirmAt === null || confirmAt > now) continue
    const { [name]: _, ...waiting } = counted.waiting
    counted = addDeed({ ...counted, waiting }, deed, kept)
  }
  return counted
}

/** A call confirms an event: it counts. */
export function confirmDeed(deeds: Deeds, name: string, kept: Kept): Deeds {
  if (!Object.hasOwn(deeds.waiting, name)) return deeds
  const { [name]: confirmed, ...waiting } = deeds.waiting
  const { confirmAt: _, ...deed } = confirmed!
  return addDeed({ ...deeds, waiting }, deed, kept)
}

/** What two members have done who are one person (M8). */
export function joinDeeds(one: Deeds, other: Deeds): Deeds {
  return {
    orders: one.orders + other.orders,
    minor: one.minor + other.minor,
    months: joinMonths(one.months, other.months),
    earlier: other.earlier === null ? one.earlier : later(one.earlier, other.earlier),
    acts: joinCounts(one.acts, other.acts),
    streaks: joinCounts(one.streaks, other.streaks, Math.max),
    waiting: { ...one.waiting, ...other.waiting },
  }
}

function joinMonths(one: Deeds['months'], other: Deeds['months']): Deeds['months'] {
  const months = { ...one }
  for (const [month, { minor, days }] of Object.entries(other)) {
    const own = months[month]
    months[month] = own
      ? { minor: own.minor + minor, days: joinCounts(own.days, days) }
      : { minor, days }
  }
  return months
}

/** Counts of the same name become one: their sum, unless told otherwise. */
export function joinCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
  join: (a: number, b: number) => number = (a, b) => a + b,
): Record<string, number> {
  const joined = { ...one }
  for (const [name, count] of Object.entries(other)) {
    joined[name] = Object.hasOwn(one, name) ? join(one[name]!, count) : count
  }
  return joined
}

/** How many events of a source stand; with a tag, those that were about it. */
export function actsDone({ acts }: Deeds, source: string, tag: string | null): number {
  return countIn(acts, tag === null ? source : actName(source, tag))
}

export function longestStreak({ streaks }: Deeds, source: string): number {
  return countIn(streaks, source)
}

function actName(source: string, tag: string): string {
  return `${source}:${tag}`
}

function actsOf(source: string, tags: readonly string[]): string[] {
  return [source, ...tags.map((tag) => actName(source, tag))]
}

function addOrder(
  deeds: Deeds,
  { date, minor }: { date: string; minor: number },
  kept: Kept,
): Deeds {
  const sums = { ...deeds, orders: deeds.orders + 1, minor: deeds.minor + minor }
  const { months, earlier } = withoutOld(sums, kept)
  const month = date.slice(0, 7)
  if (month < oldestMonth(kept)) {
    return { ...sums, months, earlier: later(earlier, date) }
  }
  const before = months[month] ?? { minor: 0, days: {} }
  const day = dayOf(date)
  const days = { ...before.days, [day]: (before.days[day] ?? 0) + 1 }
  return { ...sums, earlier, months: { ...months, [month]: { minor: before.minor + minor, days } } }
}

function takeBackOrder(
  deeds: Deeds,
  { date, minor, orders }: { date: string; minor: number; orders: number },
): Deeds {
  const sums = { ...deeds, orders: deeds.orders - orders, minor: deeds.minor - minor }
  const month = date.slice(0, 7)
  const before = deeds.months[month]
  if (!before) return sums
  const day = dayOf(date)
  const { [day]: onDay = 0, ...otherDays } = before.days
  const left = onDay - orders
  const days = left > 0 ? { ...otherDays, [day]: left } : otherDays
  const { [month]: _, ...others } = deeds.months
  if (Object.keys(days).length === 0) return { ...sums, months: others }
  return { ...sums, months: { ...others, [month]: { minor: before.minor - minor, days } } }
}

/** The months that are still looked at, and the last order before them. */
function withoutOld({ months, earlier }: Deeds, kept: Kept): Pick<Deeds, 'months' | 'earlier'> {
  const oldest = oldestMonth(kept)
  const all = Object.entries(months)
  const old = all.filter(([month]) => month < oldest)
  if (old.length === 0) return { months, earlier }
  return {
    months: Object.fromEntries(all.filter(([name]) => name >= oldest)),
    earlier: old.map(lastOrderOf).reduce(later, earlier),
  }
}

/** The local date of the last order of a month. */
export function lastOrderOf([month, { days }]: [string, OrderMonth]): string {
  const day = Math.max(...Object.keys(days).map(Number))
  return `${month}-${String(day).padStart(2, '0')}`
}

/** The later of two local dates; null: none. */
export function later(one: string | null, other: string): string {
  return one !== null && one > other ? one : other
}

/** The first of so many months up to that of `today`. */
export function oldestMonth({ today, months }: Kept): string {
  const last = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1
  const first = Math.max(0, last - months + 1)
  return `${String(Math.floor(first / 12)).padStart(4, '0')}-${String((first % 12) + 1).padStart(2, '0')}`
}

function dayOf(date: string): string {
  return String(Number(date.slice(8)))
}

function countIn(counts: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(counts, name) ? counts[name]! : 0
}

function moveAll(
  counts: Readonly<Record<string, number>>,
  names: readonly string[],
  by: number,
): Record<string, number> {
  const moved = { ...counts }
  for (const name of names) {
    const count = countIn(moved, name) + by
    if (count > 0) moved[name] = count
    else delete moved[name]
  }
  return moved
}
