import { openCalendar } from '@pointwell/plugin'
import { describe, expect, test } from 'vitest'
import { type PeriodWish, periodOf } from './period-of.js'

const calendar = openCalendar('Asia/Shanghai')
const at = (text: string) => Date.parse(text)

describe('the time of a statement', () => {
  test.each<[PeriodWish, string, string]>([
    [{ month: '2026-01' }, '2026-01-01T00:00:00+08:00', '2026-02-01T00:00:00+08:00'],
    [{ month: '2024-02' }, '2024-02-01T00:00:00+08:00', '2024-03-01T00:00:00+08:00'],
    [{ month: '2026-12' }, '2026-12-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00'],
    [
      { from: '2026-01-05', through: '2026-01-05' },
      '2026-01-05T00:00:00+08:00',
      '2026-01-06T00:00:00+08:00',
    ],
  ])('%j', (wish, from, to) => {
    expect(periodOf(wish, calendar)).toEqual({ from: at(from), to: at(to) })
  })

  test.each<[PeriodWish, string]>([
    [{}, 'from'],
    [{ month: '2026-13' }, 'month'],
    [{ month: '2026-1' }, 'month'],
    [{ month: '0000-01' }, 'month'],
    [{ month: '2026-01', from: '2026-01-01', through: '2026-01-02' }, 'month'],
    [{ from: '2026-01-01' }, 'through'],
    [{ through: '2026-01-01' }, 'from'],
    [{ from: '2026-01-02', through: '2026-01-01' }, 'through'],
    [{ from: '2026-02-30', through: '2026-03-01' }, 'from'],
    [{ from: '2026-01-01', through: '9999-12-31' }, 'through'],
  ])('%j cannot be: %s', (wish, field) => {
    expect(periodOf(wish, calendar)).toMatchObject({ code: 'INVALID_INPUT', figures: { field } })
  })
})
