import { type ActivityClass, openCalendar, type Term } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPolicyReader } from '../policy/read-policy.js'
import { expiresAt } from './expires-at.js'
import { findTerm } from './find-term.js'

const calendar = openCalendar('Asia/Shanghai')
const at = (iso: string) => Date.parse(iso)

describe('X1: terms', () => {
  it.each<[string, Term, string, string | null]>([
    ['never', { term: 'never' }, '2021-05-03T10:00:00+08:00', null],
    ['days', { term: 'days', days: 90 }, '2021-05-03T10:00:00+08:00', '2021-08-02T00:00:00+08:00'],
    [
      'one day',
      { term: 'days', days: 1 },
      '2021-05-03T23:59:59.999+08:00',
      '2021-05-05T00:00:00+08:00',
    ],
    // The golden line: earned 2021-05-03, 12 months: through 2022-05-31.
    [
      'months',
      { term: 'months', months: 12 },
      '2021-05-03T10:00:00+08:00',
      '2022-06-01T00:00:00+08:00',
    ],
    [
      'a month from a long one',
      { term: 'months', months: 1 },
      '2024-01-31T10:00:00+08:00',
      '2024-03-01T00:00:00+08:00',
    ],
    // The golden line: earned in 2021: through 2022-12-31.
    [
      'two years from a leap day',
      { term: 'months', months: 24 },
      '2024-02-29T23:00:00+08:00',
      '2026-03-01T00:00:00+08:00',
    ],
    [
      'a year into a leap February',
      { term: 'months', months: 12 },
      '2023-02-01T00:00:00+08:00',
      '2024-03-01T00:00:00+08:00',
    ],
    [
      'days over a leap day',
      { term: 'days', days: 1 },
      '2024-02-28T12:00:00+08:00',
      '2024-03-01T00:00:00+08:00',
    ],
    [
      'end of next year',
      { term: 'end-of-next-year' },
      '2021-01-01T00:00:00+08:00',
      '2023-01-01T00:00:00+08:00',
    ],
    [
      'in the zone’s own year',
      { term: 'end-of-next-year' },
      '2021-12-31T16:00:00Z',
      '2024-01-01T00:00:00+08:00',
    ],
  ])('%s', (_, term, earnedAt, end) => {
    expect(expiresAt(term, { earnedAt: at(earnedAt), calendar })).toBe(
      end === null ? null : at(end),
    )
  })

  it('X1: ends with the day where clocks change', () => {
    const newYork = openCalendar('America/New_York')
    const term: Term = { term: 'days', days: 1 }
    // The last day, 2021-03-14, has 23 hours.
    expect(expiresAt(term, { earnedAt: at('2021-03-13T12:00:00-05:00'), calendar: newYork })).toBe(
      at('2021-03-15T00:00:00-04:00'),
    )
  })
})

describe('X1: a last day is whole, wherever the programme lives', () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe']
  const terms = fc.oneof(
    fc.integer({ min: 1, max: 800 }).map((days): Term => ({ term: 'days', days })),
    fc.integer({ min: 1, max: 60 }).map((months): Term => ({ term: 'months', months })),
    fc.constant<Term>({ term: 'end-of-next-year' }),
  )
  /** What a clock on the wall shows: kept apart from the calendar under test. */
  const wall = (zone: string, instant: number) => {
    const shown = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    }).format(instant)
    const [date, time] = shown.split(', ')
    return { date: date!, time: time! }
  }

  it('X1: ends with the midnight after it, also where clocks change', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        terms,
        fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2029-12-31T00:00:00Z') }),
        (zone, term, earnedAt) => {
          const end = expiresAt(term, { earnedAt, calendar: openCalendar(zone) })!
          expect(wall(zone, end).time).toBe('00:00:00')
          const last = wall(zone, end - 1).date
          const earned = wall(zone, earnedAt).date
          const [year, month, day] = earned.split('-').map(Number)
          const utc = (date: Date) => date.toISOString().slice(0, 10)
          if (term.term === 'end-of-next-year') expect(last).toBe(`${year! + 1}-12-31`)
          else if (term.term === 'days') {
            expect(last).toBe(utc(new Date(Date.UTC(year!, month! - 1, day! + term.days))))
          } else if (term.term === 'months') {
            // Day 0 of a month is the last one of the month before it.
            expect(last).toBe(utc(new Date(Date.UTC(year!, month! + term.months, 0))))
          }
        },
      ),
    )
  })
})

describe('X2: by kind', () => {
  const read = openPolicyReader({ sources: [], channels: [] })

  it.each([
    ['base', 24],
    ['premium', 36],
    ['bonus', 12],
    ['welcome', 6],
    ['purchase', 12],
    ['task', 3],
    ['campaign', 1],
  ])('X2: %s %i months, gold never', (kind, months) => {
    const { document } = read({})
    const term = (tier: string) => findTerm(document!, { kind, source: 'any', tier })
    expect(term('regular')).toEqual({ term: 'months', months })
    expect(term('silver')).toEqual({ term: 'months', months })
    expect(term('gold')).toEqual({ term: 'never' })
  })
})

describe('X2, X3: which term', () => {
  const never: Term = { term: 'never' }
  const days = (count: number): Term => ({ term: 'days', days: count })
  const title = { en: 'x', zh: 'x' }
  const level = (id: string, expiry: Term | null) => ({
    id,
    title,
    threshold: '0',
    earnMultiplier: '1',
    birthdayMultiplier: '2',
    priceFactor: '1',
    expiry,
  })
  const policy = {
    kinds: {
      base: {
        title,
        expiry: days(1),
        bySource: { shop: days(2) },
        byTier: { vip: days(3) },
        byActivity: { high: days(4), low: days(5) },
        renewable: false,
      },
    },
    tiers: {
      period: { type: 'lifetime' as const },
      graceDays: 0,
      levels: [level('regular', null), level('gold', never), level('vip', never)],
    },
  }

  it.each([
    ['the kind’s', 'game', 'regular', days(1)],
    ['the kind’s from this source', 'shop', 'regular', days(2)],
    ['the tier’s own before it: gold never expires', 'shop', 'gold', never],
    ['the kind’s for this tier before all', 'shop', 'vip', days(3)],
    ['of an id that every object has', 'constructor', 'regular', days(1)],
  ])('%s', (_, source, tier, term) => {
    expect(findTerm(policy, { kind: 'base', source, tier })).toEqual(term)
  })

  it.each<[string, ActivityClass, string, Term]>([
    ['before the kind’s and the source’s', 'high', 'regular', days(4)],
    ['each class its own', 'low', 'regular', days(5)],
    ['the source’s where the class has none', 'medium', 'regular', days(2)],
    ['after the tier’s own: gold never expires', 'high', 'gold', never],
    ['after the kind’s for this tier', 'low', 'vip', days(3)],
  ])('X3: by activity, %s', (_, activity, tier, term) => {
    expect(findTerm(policy, { kind: 'base', source: 'shop', tier, activity })).toEqual(term)
  })

  it('X3: after the grant’s own', () => {
    const subject = { kind: 'base', source: 'shop', tier: 'regular', activity: 'high' as const }
    expect(findTerm(policy, { ...subject, own: days(9) })).toEqual(days(9))
  })

  it.each([
    ['before the kind’s', 'game', 'regular', days(9)],
    ['before the kind’s from this source', 'shop', 'regular', days(9)],
    ['after the tier’s own: gold never expires', 'shop', 'gold', never],
    ['after the kind’s for this tier', 'shop', 'vip', days(3)],
  ])('the grant’s own, %s', (_, source, tier, term) => {
    expect(findTerm(policy, { kind: 'base', source, tier, own: days(9) })).toEqual(term)
  })
})
