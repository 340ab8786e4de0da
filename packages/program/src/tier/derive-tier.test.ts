import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPolicyReader } from '../policy/read-policy.js'
import { deriveTier, tierProgress } from './derive-tier.js'
import {
  addSpend,
  confirmSpend,
  countWaiting,
  type QualifyingSpend,
  takeBackSpend,
} from './qualifying-spend.js'

const calendar = openCalendar('Asia/Shanghai')
const read = openPolicyReader({ sources: [], channels: [] })
const policyOf = (tiers: object) => read({ tiers }).document!
const noon = (date: string) => calendar.startOf(date) + 12 * 3_600_000
const spentIn = (spend: Record<string, number>): QualifyingSpend => ({ spend, waiting: {} })
const tierOf = (tiers: object, spend: Record<string, number>, date: string) =>
  deriveTier(policyOf(tiers), { qualifying: spentIn(spend), at: noon(date), calendar }).id

describe('M3: tiers by calendar year', () => {
  const yearly = { graceDays: 30 }

  it.each([
    ['regular with nothing', {}, '2026-03-01', 'regular'],
    ['up at once, at the threshold', { '2026-03': 500_000 }, '2026-03-01', 'silver'],
    ['not a fen below it', { '2026-03': 499_999 }, '2026-03-01', 'regular'],
    ['past two thresholds in one step', { '2026-03': 2_000_000 }, '2026-03-01', 'gold'],
    ['kept through the next year', { '2025-03': 500_000 }, '2026-12-31', 'silver'],
    ['kept in the grace after that', { '2025-03': 500_000 }, '2027-01-30', 'silver'],
    ['lost when the grace is over', { '2025-03': 500_000 }, '2027-01-31', 'regular'],
    [
      'two years do not add up',
      { '2025-03': 400_000, '2026-03': 400_000 },
      '2026-04-01',
      'regular',
    ],
    ['what is spent later does not count yet', { '2026-06': 500_000 }, '2026-05-31', 'regular'],
  ])('%s', (_, spend, date, tier) => {
    expect(tierOf(yearly, spend as Record<string, number>, date)).toBe(tier)
  })

  it('counts an order that waits once it has confirmed by itself', () => {
    const waiting = {
      'purchase:1': { month: '2026-03', minor: 500_000, confirmAt: noon('2026-03-08') },
    }
    const question = (at: number) => ({ qualifying: { spend: {}, waiting }, at, calendar })
    expect(deriveTier(policyOf(yearly), question(noon('2026-03-08') - 1)).id).toBe('regular')
    expect(deriveTier(policyOf(yearly), question(noon('2026-03-08'))).id).toBe('silver')
  })

  it('says what is missing, and until when', () => {
    const question = {
      qualifying: spentIn({ '2026-03': 620_050 }),
      at: noon('2026-04-01'),
      calendar,
    }
    const progress = tierProgress(policyOf(yearly), question)
    expect(progress.spentMinor).toBe(620_050)
    expect(progress.next).toMatchObject({ level: { id: 'gold' }, missingMinor: 1_379_950 })
    expect(progress.until).toBe(calendar.startOf('2027-01-01'))
    const top = { ...question, qualifying: spentIn({ '2026-03': 2_000_000 }) }
    expect(tierProgress(policyOf(yearly), top).next).toBeNull()
  })
})

describe('M3: against a naive oracle, day by day', () => {
  interface Order {
    day: number
    minor: number
    /** Days until it confirms by itself; null: at once. */
    waits: number | null
  }
  const START = '2020-01-01'
  const DAYS = 1_500
  const orders = fc.array(
    fc.record<Order>({
      day: fc.integer({ min: 0, max: DAYS }),
      minor: fc.integer({ min: 1, max: 900_000 }),
      waits: fc.option(fc.integer({ min: 1, max: 40 })),
    }),
    { maxLength: 25 },
  )
  const levels: [string, number][] = [
    ['gold', 2_000_000],
    ['silver', 500_000],
    ['regular', 0],
  ]
  const highest = (sums: number[]) => levels.find(([, from]) => Math.max(...sums) >= from)![0]
  const dateOf = (day: number) => calendar.addDays(START, day)

  /** The member's state as postings would have left it by the end of the day. */
  function stateAfter(list: Order[], today: number): QualifyingSpend {
    let state: QualifyingSpend = { spend: {}, waiting: {} }
    for (const [place, order] of list.entries()) {
      if (order.day > today) continue
      const thisYear = Number(dateOf(order.day).slice(0, 4))
      const month = dateOf(order.day).slice(0, 7)
      if (order.waits === null) {
        state = { ...state, spend: addSpend(state.spend, { month, minor: order.minor, thisYear }) }
      } else {
        const confirmAt = noon(dateOf(order.day + order.waits))
        const waiting = { month, minor: order.minor, confirmAt }
        state = { ...state, waiting: { ...state.waiting, [`o:${place}`]: waiting } }
      }
      state = countWaiting(state, { now: noon(dateOf(order.day)), thisYear })
    }
    return state
  }

  const counts = (order: Order, today: number) =>
    order.day <= today && (order.waits === null || order.day + order.waits <= today)
  const sumOf = (list: Order[], today: number, belongs: (date: string) => boolean) =>
    list
      .filter((order) => counts(order, today) && belongs(dateOf(order.day)))
      .reduce((sum, { minor }) => sum + minor, 0)

  it('M3: calendar years', () => {
    const policy = policyOf({ period: { type: 'calendar-year' }, graceDays: 20 })
    fc.assert(
      fc.property(orders, fc.integer({ min: 0, max: DAYS }), (unsorted, today) => {
        const list = unsorted.sort((a, b) => a.day - b.day)
        const year = Number(dateOf(today).slice(0, 4))
        const dayOfYear = calendar.daysBetween(`${year}-01-01`, dateOf(today))
        const sums = [year, year - 1, ...(dayOfYear < 20 ? [year - 2] : [])].map((it) =>
          sumOf(list, today, (date) => date.startsWith(String(it))),
        )
        const question = { qualifying: stateAfter(list, today), at: noon(dateOf(today)), calendar }
        expect(deriveTier(policy, question).id).toBe(highest(sums))
      }),
    )
  })

  it('M3: rolling months', () => {
    const policy = policyOf({ period: { type: 'rolling-months', months: 6 }, graceDays: 45 })
    const monthNumber = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7))
    fc.assert(
      fc.property(orders, fc.integer({ min: 200, max: DAYS }), (unsorted, today) => {
        const list = unsorted.sort((a, b) => a.day - b.day)
        const windowEnds = new Set([monthNumber(dateOf(today))])
        // Every day of the grace that is the last of its month had a window of its own.
        for (let back = 1; back <= 45; back++) {
          const day = dateOf(today - back)
          if (calendar.addDays(day, 1).endsWith('-01')) windowEnds.add(monthNumber(day))
        }
        const sums = [...windowEnds].map((end) =>
          sumOf(list, today, (date) => monthNumber(date) > end - 6 && monthNumber(date) <= end),
        )
        const question = { qualifying: stateAfter(list, today), at: noon(dateOf(today)), calendar }
        expect(deriveTier(policy, question).id).toBe(highest(sums))
      }),
    )
  })

  it('M3: a lifetime, also when old years are folded', () => {
    const policy = policyOf({ period: { type: 'lifetime' } })
    fc.assert(
      fc.property(orders, (unsorted) => {
        const list = unsorted.sort((a, b) => a.day - b.day)
        const state = stateAfter(list, DAYS + 50)
        const far = {
          spend: addSpend(state.spend, { month: '2031-01', minor: 1, thisYear: 2031 }),
          waiting: state.waiting,
        }
        expect(Object.keys(far.spend).every((key) => key.length === 4 || key >= '2027-01')).toBe(
          true,
        )
        const total = sumOf(list, DAYS + 50, () => true) + 1
        const question = { qualifying: far, at: noon('2031-01-15'), calendar }
        expect(deriveTier(policy, question).id).toBe(highest([total]))
      }),
    )
  })
})

describe('M3: what was spent comes and goes', () => {
  const thisYear = 2026
  const waiting = { 'purchase:1': { month: '2026-03', minor: 100, confirmAt: null } }

  it('is confirmed by a call', () => {
    expect(confirmSpend({ spend: {}, waiting }, { order: 'purchase:1', thisYear })).toEqual({
      spend: { '2026-03': 100 },
      waiting: {},
    })
    expect(confirmSpend({ spend: {}, waiting: {} }, { order: 'purchase:1', thisYear })).toEqual({
      spend: {},
      waiting: {},
    })
  })

  it('goes back from where it is', () => {
    const taken = { order: 'purchase:1', month: '2026-03', minor: 40, spentMinor: 40, thisYear }
    expect(takeBackSpend({ spend: {}, waiting }, taken).waiting['purchase:1']?.minor).toBe(60)
    expect(takeBackSpend({ spend: { '2026-03': 100 }, waiting: {} }, taken).spend).toEqual({
      '2026-03': 60,
    })
    const all = { ...taken, minor: 100, spentMinor: 100 }
    expect(takeBackSpend({ spend: {}, waiting }, all)).toEqual({ spend: {}, waiting: {} })
  })

  it('goes back from a year that was folded', () => {
    const taken = { order: 'purchase:1', month: '2019-03', minor: 40, spentMinor: 40, thisYear }
    expect(
      takeBackSpend({ spend: { '2019-03': 50, '2019': 5 }, waiting: {} }, taken).spend,
    ).toEqual({
      '2019': 15,
    })
  })
})
