import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCaps, type CapCounters, moveCounters } from './apply-caps.js'
import { isOver, periodEnd, periodKey } from './period-key.js'

const calendar = openCalendar('Asia/Shanghai')
const cap = (limit: number | null, byTier: Record<string, number | null> = {}) => ({
  limit,
  byTier,
})
const none = {
  pointsPerDay: null,
  ordersPerDay: null,
  perSource: {},
  perBehaviour: {},
  pointsPerOrder: null,
  pointsPerItem: null,
}
const event = {
  points: 100,
  source: 'purchase',
  isOrder: true,
  tier: 'regular',
  date: '2026-01-07',
  calendar,
  counters: {},
}

describe('E8: caps', () => {
  it('cuts nothing where there is no cap', () => {
    expect(applyCaps({ caps: none }, event)).toEqual({
      points: 100,
      steps: [],
      counted: [],
    })
  })

  it('cuts to what is left today, and says so', () => {
    const caps = { ...none, pointsPerDay: cap(150) }
    const capped = applyCaps({ caps }, { ...event, counters: { 'all:D2026-01-07': 120 } })
    expect(capped.points).toBe(30)
    expect(capped.steps).toEqual([
      {
        step: 'cap',
        points: -70,
        figures: { cap: 'points', period: 'day', limit: 150, used: 120 },
      },
    ])
  })

  it('lets so many orders a day earn, and other events in any number', () => {
    const caps = { ...none, ordersPerDay: cap(2) }
    const counters = { 'orders:D2026-01-07': 2 }
    expect(applyCaps({ caps }, { ...event, counters }).points).toBe(0)
    expect(applyCaps({ caps }, { ...event, counters: { 'orders:D2026-01-07': 1 } })).toMatchObject({
      points: 100,
    })
    expect(applyCaps({ caps }, { ...event, counters, isOrder: false }).points).toBe(100)
  })

  it('takes the least of several caps, each shown', () => {
    const caps = {
      ...none,
      pointsPerDay: cap(80),
      perSource: { purchase: [{ ...cap(50), period: 'week' as const }] },
    }
    const capped = applyCaps({ caps }, event)
    expect(capped.points).toBe(50)
    expect(capped.steps.map(({ points }) => points)).toEqual([-20, -30])
    expect(capped.counted).toEqual([
      ['all:D2026-01-07', 'points'],
      ['from:purchase:W2026-01-05', 'points'],
    ])
  })

  it('holds a behaviour to its own limit a period, whatever others of its source earn', () => {
    const perBehaviour = { bell: { ring: [{ ...cap(15), period: 'week' as const }] } }
    const ring = { ...event, source: 'bell', behaviour: 'ring', isOrder: false, points: 10 }
    const first = applyCaps({ caps: { ...none, perBehaviour } }, ring)
    expect(first).toMatchObject({ points: 10, counted: [['by:bell:ring:W2026-01-05', 'points']] })
    const counters = moveCounters({}, first.counted, { points: 10, orders: 0 })
    expect(applyCaps({ caps: { ...none, perBehaviour } }, { ...ring, counters })).toMatchObject({
      points: 5,
      steps: [{ step: 'cap', figures: { cap: 'ring', period: 'week', limit: 15, used: 10 } }],
    })
    const others = [{ behaviour: 'toll' }, { behaviour: undefined }, { source: 'purchase' }]
    for (const other of others) {
      const capped = applyCaps({ caps: { ...none, perBehaviour } }, { ...ring, counters, ...other })
      expect(capped).toMatchObject({ points: 10, counted: [] })
    }
  })

  it('is other for some tiers, and still counts where a tier has none', () => {
    const caps = { ...none, pointsPerDay: cap(10, { gold: null, silver: 20 }) }
    expect(applyCaps({ caps }, { ...event, tier: 'silver' }).points).toBe(20)
    const gold = applyCaps({ caps }, { ...event, tier: 'gold' })
    expect(gold).toMatchObject({
      points: 100,
      counted: [['all:D2026-01-07', 'points']],
    })
  })

  it('never lets a period give more than its limit, whatever comes', () => {
    const caps = {
      ...none,
      pointsPerDay: cap(100),
      perSource: { purchase: [{ ...cap(130), period: 'month' as const }] },
    }
    const events = fc.array(fc.record({ points: fc.nat(90), day: fc.integer({ min: 1, max: 3 }) }))
    fc.assert(
      fc.property(events, (list) => {
        let counters: CapCounters = {}
        const byDay = new Map<number, number>()
        let all = 0
        for (const { points, day } of list) {
          const capped = applyCaps(
            { caps },
            { ...event, points, date: `2026-01-0${day}`, counters },
          )
          expect(points + capped.steps.reduce((sum, step) => sum + Number(step.points), 0)).toBe(
            capped.points,
          )
          // Nothing is withheld that the caps allow.
          const room = Math.min(100 - (byDay.get(day) ?? 0), 130 - all)
          expect(capped.points).toBe(Math.min(points, room))
          counters = moveCounters(counters, capped.counted, { points: capped.points, orders: 1 })
          byDay.set(day, (byDay.get(day) ?? 0) + capped.points)
          all += capped.points
        }
      }),
    )
  })
})

describe('periods', () => {
  it.each([
    ['day', 'D2026-01-07', '2026-01-08'],
    ['week', 'W2026-01-05', '2026-01-12'],
    ['month', 'M2026-01', '2026-02-01'],
    ['year', 'Y2026', '2027-01-01'],
  ] as const)('%s', (period, key, next) => {
    expect(periodKey(period, '2026-01-07', calendar)).toBe(key)
    expect(periodEnd(period, '2026-01-07', calendar)).toBe(calendar.startOf(next))
    expect(isOver(`x:${key}`, next, calendar)).toBe(true)
    expect(isOver(`x:${key}`, calendar.addDays(next, -1), calendar)).toBe(false)
  })

  it('knows the Monday of days before 1970 too', () => {
    expect(periodKey('week', '1969-12-31', calendar)).toBe('W1969-12-29')
    expect(periodKey('week', '2026-01-05', calendar)).toBe('W2026-01-05')
    expect(periodKey('week', '2026-01-04', calendar)).toBe('W2025-12-29')
  })

  it('for ever has no end', () => {
    expect(periodKey('lifetime', '2026-01-07', calendar)).toBe('L')
    expect(periodEnd('lifetime', '2026-01-07', calendar)).toBeNull()
    expect(isOver('offer:x:L', '9999-01-01', calendar)).toBe(false)
  })
})
