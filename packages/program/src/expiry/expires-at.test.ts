import { openCalendar, type Term } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
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
      base: { title, expiry: days(1), bySource: { shop: days(2) }, byTier: { vip: days(3) } },
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

  it.each([
    ['before the kind’s', 'game', 'regular', days(9)],
    ['before the kind’s from this source', 'shop', 'regular', days(9)],
    ['after the tier’s own: gold never expires', 'shop', 'gold', never],
    ['after the kind’s for this tier', 'shop', 'vip', days(3)],
  ])('the grant’s own, %s', (_, source, tier, term) => {
    expect(findTerm(policy, { kind: 'base', source, tier, own: days(9) })).toEqual(term)
  })
})
