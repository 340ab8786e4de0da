import { openCalendar } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { NO_DEEDS } from '../deeds/deeds.js'
import { countAct } from '../risk/recent-acts.js'
import { actedAt, readMemo, writeMemo } from './programme-memo.js'

const calendar = openCalendar('Asia/Shanghai')
const now = Date.parse('2026-03-10T12:00:00+08:00')
const terms = { now, calendar, maxAgeDays: 30 }

describe('what the programme remembers of a member', () => {
  it('is nothing at first, and stays as small', () => {
    const memo = readMemo({})
    expect(memo).toEqual({
      spend: {},
      waiting: {},
      spentByDay: {},
      renewed: {},
      lastActiveAt: null,
      countedUntil: null,
      activeDays: null,
      caps: {},
      offers: {},
      transfers: {},
      sources: {},
      deeds: NO_DEEDS,
      badges: {},
      tierChanges: [],
      floors: [],
      redeemed: 0,
      accelerators: [],
      boosts: [],
      experiments: {},
      recent: null,
    })
    expect(writeMemo(memo, terms)).toEqual({})
  })

  it('comes back as it was written', () => {
    const memo = {
      spend: { '2026-03': 5 },
      waiting: { 'purchase:1': { month: '2026-03', minor: 7, confirmAt: now + 1 } },
      spentByDay: { '2026-03-10': 7 },
      renewed: { 3: { times: 1, until: now + 1 } },
      lastActiveAt: now,
      countedUntil: now,
      activeDays: { last: '2026-03-10', days: '5' },
      caps: { 'all:D2026-03-10': 3 },
      offers: { 'tea:L': 1 },
      transfers: { 'given-points:M2026-03': 5 },
      sources: { bell: { rung: 2 } },
      deeds: {
        orders: 2,
        minor: 700,
        months: { '2026-03': { minor: 700, days: { '2': 2 } } },
        earlier: '2024-01-31',
        acts: { purchase: 2, 'purchase:tea': 1 },
        streaks: { bell: 3 },
        waiting: {
          'purchase:1': {
            source: 'purchase',
            date: '2026-03-09',
            minor: 7,
            tags: [],
            streak: null,
            confirmAt: now + 1,
          },
        },
      },
      badges: {
        first: {
          at: now,
          policyVersion: 1,
          goal: { type: 'orders' as const, count: 1 },
          needed: 1,
        },
      },
      tierChanges: [{ at: now, from: 'regular', to: 'silver' }],
      floors: [{ tier: 'gold', from: now, until: now + 1 }],
      redeemed: 2,
      experiments: { price: now - 1 },
      accelerators: [{ factor: '2', from: now, until: now + 1 }],
      boosts: [
        { name: 'coupon:1:r', factor: '2', from: now, until: now + 1, sources: null, left: 1 },
      ],
      recent: countAct(null, { kind: 'earn', points: 5, now }),
    }
    const written = JSON.parse(JSON.stringify(writeMemo(memo, terms)))
    expect(readMemo(written)).toEqual(memo)
  })

  it('E8: forgets counters of days that no event can be about any more, and no others', () => {
    const caps = {
      'all:D2026-02-08': 1,
      'all:D2026-02-07': 1,
      'from:x:W2026-02-02': 1,
      'from:x:W2026-01-26': 1,
      'from:x:M2026-02': 1,
      'from:x:M2026-01': 1,
      'from:x:Y2026': 1,
      'from:x:Y2025': 1,
      'from:x:L': 1,
    }
    const kept = readMemo(writeMemo({ ...readMemo({}), caps }, terms)).caps
    expect(Object.keys(kept).sort()).toEqual([
      'all:D2026-02-08',
      'from:x:L',
      'from:x:M2026-02',
      'from:x:W2026-02-02',
      'from:x:Y2026',
    ])
  })

  it('R1: forgets limits whose period is over', () => {
    const offers = { 'tea:D2026-03-09': 1, 'tea:D2026-03-10': 1, 'tea:W2026-03-02': 1, 'tea:L': 1 }
    const kept = readMemo(writeMemo({ ...readMemo({}), offers }, terms)).offers
    expect(Object.keys(kept).sort()).toEqual(['tea:D2026-03-10', 'tea:L'])
  })

  it('M3: what has confirmed by itself counts like everything else', () => {
    const waiting = {
      'purchase:1': { month: '2026-02', minor: 7, confirmAt: now },
      'purchase:2': { month: '2026-02', minor: 8, confirmAt: now + 1 },
      'purchase:3': { month: '2026-02', minor: 9, confirmAt: null },
    }
    const after = readMemo(writeMemo({ ...readMemo({}), spend: { '2026-02': 1 }, waiting }, terms))
    expect(after.spend).toEqual({ '2026-02': 8 })
    expect(Object.keys(after.waiting)).toEqual(['purchase:2', 'purchase:3'])
  })

  it('X5: keeps the spend of the last two months by day, and for over a year how often a lot was renewed', () => {
    const longAgo = now - 400 * 86_400_000
    const memo = {
      ...readMemo({}),
      spentByDay: { '2026-01-08': 1, '2026-01-09': 2, '2026-03-10': 3 },
      waiting: { 'purchase:1': { month: '2026-03', minor: 7, confirmAt: now } },
      // Somebody may extend a lot, or its points may come back, long after its end.
      renewed: { 1: { times: 1, until: longAgo }, 2: { times: 2, until: longAgo + 1 } },
    }
    const after = readMemo(writeMemo(memo, terms))
    expect(after.spentByDay).toEqual({ '2026-01-09': 2, '2026-03-10': 10 })
    expect(after.renewed).toEqual({ 2: { times: 2, until: longAgo + 1 } })
  })

  it('M1: the last activity never goes back', () => {
    const last = (memo: object) => actedAt(readMemo({ ...memo }), { at: 5, calendar }).lastActiveAt
    expect(last({})).toBe(5)
    expect(last({ lastActiveAt: 9 })).toBe(9)
  })
})
