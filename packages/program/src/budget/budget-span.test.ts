import { openCalendar } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { budgetEnds, budgetSpan } from './budget-span.js'

const calendar = openCalendar('Asia/Shanghai')
const at = Date.parse('2026-05-31T23:59:59+08:00')

describe('E9: the period of a budget', () => {
  it.each([
    ['month', 'M2026-05', '2026-05-01', '2026-06-01'],
    ['quarter', 'Q2026-2', '2026-04-01', '2026-07-01'],
    ['year', 'Y2026', '2026-01-01', '2027-01-01'],
  ] as const)('%s ends where the programme’s days end', (period, key, from, until) => {
    const budget = { period, points: 7 }
    expect(budgetSpan(budget, { at, calendar })).toEqual({ key, points: 7 })
    expect(budgetEnds(budget, { at, calendar })).toEqual({
      from: calendar.startOf(from),
      until: calendar.startOf(until),
    })
  })

  it('has dates of its own, and none outside of them', () => {
    const spans = [
      { from: '2026-05-01T00:00:00.000Z', until: '2026-06-01T00:00:00.000Z', points: 5 },
      { from: '2026-07-01T00:00:00.000Z', until: '2026-08-01T00:00:00.000Z', points: 6 },
    ]
    const budget = { period: 'dated', spans } as const
    expect(budgetSpan({ ...budget, spans: [...spans] }, { at, calendar })).toMatchObject({
      key: 'S2026-05-01T00:00:00.000Z',
      points: 5,
    })
    expect(budgetEnds({ ...budget, spans: [...spans] }, { at, calendar })).toEqual({
      from: Date.parse('2026-05-01T00:00:00Z'),
      until: Date.parse('2026-06-01T00:00:00Z'),
    })
    const between = Date.parse('2026-06-01T00:00:00Z')
    expect(budgetSpan({ ...budget, spans: [...spans] }, { at: between, calendar })).toBeUndefined()
  })
})
