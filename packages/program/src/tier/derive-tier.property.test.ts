import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPolicyReader } from '../policy/read-policy.js'
import { type Accelerator, accelerate, acceleratorAt } from './accelerator.js'
import { deriveTier } from './derive-tier.js'
import { addSpend, countWaiting, type QualifyingSpend, takeBackSpend } from './qualifying-spend.js'
import type { TierFloor } from './tier-floor.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Zones whose clocks change: in the night, at midnight itself, by half an hour, and never. */
const ZONES = ['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Shanghai']
const START = Date.parse('2016-01-01T00:00:00Z')
const DAYS = 1_400

interface Order {
  /** Milliseconds after the start. */
  after: number
  minor: number
  /** Until it confirms by itself; null: at once. */
  waitsMs: number | null
  /** So much goes back, so long after. */
  back: { minor: number; afterMs: number } | null
}

const instant = fc.integer({ min: 0, max: DAYS * 24 }).map((hours) => hours * HOUR_MS + 1)
const orders = fc.array(
  fc.record<Order>({
    after: instant,
    minor: fc.integer({ min: 1, max: 900_000 }),
    waitsMs: fc.option(fc.integer({ min: 1, max: 40 }).map((days) => days * DAY_MS)),
    back: fc.option(
      fc.record({
        minor: fc.integer({ min: 1, max: 900_000 }),
        afterMs: fc.integer({ min: 1, max: 90 }).map((days) => days * DAY_MS),
      }),
    ),
  }),
  { maxLength: 20 },
)
const cards = fc.array(
  fc.record({
    after: instant,
    days: fc.integer({ min: 1, max: 200 }),
    factor: fc.constantFrom('1.5', '2', '3.3'),
  }),
  { maxLength: 3 },
)
const gifts = fc.array(
  fc.record({
    after: instant,
    days: fc.integer({ min: 1, max: 300 }),
    rank: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 1 },
)
const periods = fc.oneof(
  fc.constant({ type: 'calendar-year' as const }),
  fc.record({
    type: fc.constant('rolling-months' as const),
    months: fc.integer({ min: 1, max: 14 }),
  }),
  fc.constant({ type: 'lifetime' as const }),
)
const LEVELS = ['regular', 'silver', 'gold']
const FROM = [0, 500_000, 2_000_000]

const read = openPolicyReader({ sources: [], channels: [] })

/** The member's state as postings in the order of time would have left it at `now`. */
function stateAt(
  list: readonly Order[],
  { now, zone, accelerators }: { now: number; zone: string; accelerators: readonly Accelerator[] },
): QualifyingSpend {
  const calendar = openCalendar(zone)
  const events = list.flatMap((order, place) => {
    const at = START + order.after
    const bought = { at, place, order, back: 0 }
    return order.back
      ? [bought, { at: at + order.back.afterMs, place, order, back: order.back.minor }]
      : [bought]
  })
  let state: QualifyingSpend = { spend: {}, waiting: {} }
  for (const { at, place, order, back } of events.sort((a, b) => a.at - b.at)) {
    if (at > now) break
    const thisYear = Number(calendar.dateOf(at).slice(0, 4))
    const boughtAt = START + order.after
    const month = calendar.dateOf(boughtAt).slice(0, 7)
    const factor = acceleratorAt(accelerators, boughtAt)?.factor
    state = countWaiting(state, { now: at, thisYear })
    const whole = accelerate(order.minor, factor)
    const left = accelerate(Math.max(0, order.minor - back), factor)
    if (back > 0) {
      const taken = { minor: whole - left, spentMinor: Math.min(back, order.minor) }
      state = takeBackSpend(state, { order: `o${place}`, month, ...taken, thisYear })
    } else if (order.waitsMs === null) {
      state = { ...state, spend: addSpend(state.spend, { month, minor: whole, thisYear }) }
    } else {
      const waits = { month, minor: whole, confirmAt: boughtAt + order.waitsMs }
      state = { ...state, waiting: { ...state.waiting, [`o${place}`]: waits } }
    }
  }
  return state
}

/**
 * The specification, day by day: each day's spend of its period reaches a tier, and what was reached is
 * kept through the end of the period after (of the month, where the window rolls), and through the
 * days of grace. Nothing is derived backwards, and no month is added up beforehand.
 */
function tierDayByDay(
  list: readonly Order[],
  {
    now,
    zone,
    period,
    graceDays,
    accelerators,
    floors,
  }: {
    now: number
    zone: string
    period: { type: string; months?: number }
    graceDays: number
    accelerators: readonly Accelerator[]
    floors: readonly TierFloor[]
  },
): string {
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS
  const dateOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10)
  const counted = list.flatMap((order) => {
    const at = START + order.after
    if (at > now || (order.waitsMs !== null && at + order.waitsMs > now)) return []
    const returned = order.back && at + order.back.afterMs <= now ? order.back.minor : 0
    const factors = accelerators.filter((it) => it.from <= at && at < it.until)
    const tenths = Math.max(10, ...factors.map(({ factor }) => Math.round(Number(factor) * 10)))
    const minor = Math.floor((Math.max(0, order.minor - returned) * tenths) / 10)
    return [{ day: dayNumber(local.format(at)), minor }]
  })
  const today = dayNumber(local.format(now))
  const monthOf = (day: number) =>
    Number(dateOf(day).slice(0, 4)) * 12 + Number(dateOf(day).slice(5, 7))
  const inPeriodOf = (day: number) => (other: number) => {
    if (other > day) return false
    if (period.type === 'lifetime') return true
    if (period.type === 'calendar-year')
      return dateOf(other).slice(0, 4) === dateOf(day).slice(0, 4)
    return monthOf(other) > monthOf(day) - period.months!
  }
  const lastDayKept = (day: number): number => {
    if (period.type === 'lifetime') return Infinity
    if (period.type === 'calendar-year') {
      return dayNumber(`${Number(dateOf(day).slice(0, 4)) + 1}-12-31`) + graceDays
    }
    let last = day
    while (monthOf(last + 1) === monthOf(day)) last++
    return last + graceDays
  }
  let best = 0
  // A rolling window is full at each month's last day, also of months in which nothing was bought.
  for (let day = dayNumber('2015-12-30'); day <= today; day++) {
    const isIn = inPeriodOf(day)
    const spent = counted.reduce((sum, it) => sum + (isIn(it.day) ? it.minor : 0), 0)
    const rank = FROM.findLastIndex((from) => spent >= from)
    if (rank > best && lastDayKept(day) >= today) best = rank
  }
  for (const { tier, from, until } of floors) {
    if (from <= now && now < until) best = Math.max(best, LEVELS.indexOf(tier))
  }
  return LEVELS[best]!
}

describe('M3, M4: against the specification, day by day', () => {
  it.each(ZONES)('up at once, down at the end of a period and its grace, in %s', (zone) => {
    fc.assert(
      fc.property(
        orders,
        cards,
        gifts,
        periods,
        fc.integer({ min: 0, max: 100 }),
        instant,
        (list, cardList, giftList, period, graceDays, after) => {
          const now = START + after
          const policy = read({ tiers: { period, graceDays } }).document!
          const lasting = ({ after: from, days }: { after: number; days: number }) => ({
            from: START + from,
            until: START + from + days * DAY_MS,
          })
          const accelerators = cardList.map((it) => ({ factor: it.factor, ...lasting(it) }))
          const floors = giftList.map((it) => ({ tier: LEVELS[it.rank]!, ...lasting(it) }))
          const qualifying = stateAt(list, { now, zone, accelerators })
          const question = { qualifying, floors, at: now, calendar: openCalendar(zone) }
          const terms = { now, zone, period, graceDays, accelerators, floors }
          expect(deriveTier(policy, question).id).toBe(tierDayByDay(list, terms))
        },
      ),
      { numRuns: 60 },
    )
  })
})
