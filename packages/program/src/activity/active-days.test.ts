import { openCalendar } from '@pointwell/plugin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ActiveDays, addActiveDay, countActiveDays, KEPT_DAYS } from './active-days.js'
import { activityAt } from './activity-at.js'

const calendar = openCalendar('America/New_York')
const START = '2026-01-01'
const dateOf = (day: number) => calendar.addDays(START, day)
const addAll = (days: readonly number[]) =>
  days.reduce<ActiveDays | null>(
    (known, day) => addActiveDay(known, { date: dateOf(day), calendar }),
    null,
  )

describe('M5: active days', () => {
  it('are counted as a list of dates would be, in whatever order they are told', () => {
    const days = fc.array(fc.nat(300), { maxLength: 60 })
    fc.assert(
      fc.property(days, fc.nat(310), fc.integer({ min: 1, max: 92 }), (told, day, windowDays) => {
        const known = addAll(told)
        const last = Math.max(...told)
        const expected = new Set(
          told.filter((it) => it <= day && it > day - windowDays && it > last - KEPT_DAYS),
        )
        // One that is told when it is long past is forgotten at once, whatever came after.
        const counted = countActiveDays(known, { through: dateOf(day), windowDays, calendar })
        expect(counted).toBe(expected.size)
      }),
    )
  })

  it('stay small for ever', () => {
    const every = addAll(Array.from({ length: 400 }, (_, day) => day))
    expect(JSON.stringify(every).length).toBeLessThan(60)
  })
})

describe('M5: classes', () => {
  const document = { activity: { windowDays: 30, highFrom: 5, mediumFrom: 2 } }
  const classOf = (days: readonly number[], day: number) =>
    activityAt(
      { activeDays: addAll(days) },
      { policy: { calendar, document }, at: calendar.startOf(dateOf(day)) },
    )

  it.each<[number, string]>([
    [0, 'low'],
    [1, 'low'],
    [2, 'medium'],
    [4, 'medium'],
    [5, 'high'],
    [20, 'high'],
  ])('%i active days in a month: %s', (count, activity) => {
    const days = Array.from({ length: count }, (_, day) => day)
    expect(classOf(days, 29)).toBe(activity)
  })

  it('is of the last thirty days, and another day later another', () => {
    const days = [0, 1, 2, 3, 4]
    expect(classOf(days, 29)).toBe('high')
    expect(classOf(days, 30)).toBe('medium')
    expect(classOf(days, 33)).toBe('low')
  })
})
