import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processorMs } from '../../../../test/support/processor-ms.js'
import { openCalendar } from './open-calendar.js'

const HOUR_MS = 3_600_000
const hours = (zone: string, date: string) => {
  const calendar = openCalendar(zone)
  return (calendar.endOf(date) - calendar.startOf(date)) / HOUR_MS
}
const at = (text: string) => Date.parse(text)

/** What a clock on the wall shows, asked of another implementation than the one under test. */
const wallDate = (zone: string, instant: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(instant)

describe('openCalendar', () => {
  it.each(['Mars/Olympus', '', 'Europe/Atlantis', 'UTC+25'])('throws for the zone "%s"', (zone) => {
    expect(() => openCalendar(zone)).toThrow(RangeError)
  })

  it('opens a zone once', () => {
    expect(openCalendar('Asia/Shanghai')).toBe(openCalendar('Asia/Shanghai'))
    expect(openCalendar('Asia/Shanghai').zone).toBe('Asia/Shanghai')
  })

  it('knows the day in Shanghai, which is eight hours ahead', () => {
    const { dateOf, startOf, endOf } = openCalendar('Asia/Shanghai')
    expect(dateOf(at('2021-05-03T15:59:59.999Z'))).toBe('2021-05-03')
    expect(dateOf(at('2021-05-03T16:00:00.000Z'))).toBe('2021-05-04')
    expect(startOf('2021-05-04')).toBe(at('2021-05-03T16:00:00Z'))
    expect(endOf('2021-05-04')).toBe(at('2021-05-04T16:00:00Z'))
  })

  it('knows the day of the week, Monday first', () => {
    const { weekday } = openCalendar('Asia/Shanghai')
    expect(
      ['2026-05-03', '2026-05-04', '1970-01-01', '1969-12-28', '1969-12-29'].map(weekday),
    ).toEqual([7, 1, 4, 7, 1])
    const days = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(days, (day) => {
        expect(weekday(day.toISOString().slice(0, 10))).toBe(day.getUTCDay() || 7)
      }),
    )
    expect(() => weekday('2026-02-30')).toThrow(RangeError)
  })

  it('has days of 23 and 25 hours in London', () => {
    expect(hours('Europe/London', '2024-03-31')).toBe(23)
    expect(hours('Europe/London', '2024-10-27')).toBe(25)
    expect(hours('Europe/London', '2024-06-01')).toBe(24)
    const { dateOf } = openCalendar('Europe/London')
    expect(dateOf(at('2024-10-27T23:59:59.999Z'))).toBe('2024-10-27')
    expect(dateOf(at('2024-10-26T23:00:00Z'))).toBe('2024-10-27')
    expect(dateOf(at('2024-10-26T22:59:59.999Z'))).toBe('2024-10-26')
  })

  it('starts a day at 01:00 where midnight was skipped, as in São Paulo', () => {
    const { startOf, dateOf } = openCalendar('America/Sao_Paulo')
    // 4 November 2018, 00:00 −03 became 01:00 −02.
    expect(startOf('2018-11-04')).toBe(at('2018-11-04T03:00:00Z'))
    expect(dateOf(at('2018-11-04T02:59:59.999Z'))).toBe('2018-11-03')
    expect(dateOf(at('2018-11-04T03:00:00Z'))).toBe('2018-11-04')
    expect(hours('America/Sao_Paulo', '2018-11-04')).toBe(23)
    expect(hours('America/Sao_Paulo', '2018-02-17')).toBe(25)
  })

  it('knows that Apia had no 30 December 2011', () => {
    const { startOf, endOf, dateOf } = openCalendar('Pacific/Apia')
    expect(endOf('2011-12-29')).toBe(at('2011-12-30T10:00:00Z'))
    expect(dateOf(at('2011-12-30T09:59:59.999Z'))).toBe('2011-12-29')
    expect(dateOf(at('2011-12-30T10:00:00Z'))).toBe('2011-12-31')
    expect(hours('Pacific/Apia', '2011-12-30')).toBe(0)
    expect(startOf('2011-12-30')).toBe(startOf('2011-12-31'))
  })

  it('goes on where the clock went back over midnight, as it did in St John’s', () => {
    const { startOf, endOf, dateOf } = openCalendar('America/St_Johns')
    // 7 November 2010: at 00:01 −02:30 it was 23:01 −03:30 of the 6th again.
    expect(startOf('2010-11-07')).toBe(at('2010-11-07T02:30:00Z'))
    expect(endOf('2010-11-06')).toBe(startOf('2010-11-07'))
    const again = at('2010-11-07T02:45:00Z')
    expect(wallDate('America/St_Johns', again)).toBe('2010-11-06')
    expect(dateOf(again)).toBe('2010-11-07')
  })

  it('X1: earned 2021-05-03, twelve months: through the last day of May 2022', () => {
    const { endOfMonth, endOf } = openCalendar('Asia/Shanghai')
    expect(endOfMonth('2021-05-03', 12)).toBe('2022-05-31')
    expect(endOf('2022-05-31')).toBe(at('2022-05-31T16:00:00Z'))
  })

  it('counts months as people do', () => {
    const { addMonths, endOfMonth } = openCalendar('UTC')
    expect(addMonths('2021-01-31', 1)).toBe('2021-02-28')
    expect(addMonths('2020-01-31', 1)).toBe('2020-02-29')
    expect(addMonths('2021-03-31', -1)).toBe('2021-02-28')
    expect(addMonths('2021-05-03', 0)).toBe('2021-05-03')
    expect(addMonths('2021-11-15', 3)).toBe('2022-02-15')
    expect(endOfMonth('2021-12-01', 0)).toBe('2021-12-31')
    expect(endOfMonth('2021-12-31', 2)).toBe('2022-02-28')
    expect(endOfMonth('2021-01-31', -11)).toBe('2020-02-29')
  })

  it('counts days without a zone’s say', () => {
    const { addDays, daysBetween } = openCalendar('Pacific/Apia')
    expect(addDays('2011-12-29', 2)).toBe('2011-12-31')
    expect(addDays('2020-02-28', 1)).toBe('2020-02-29')
    expect(addDays('2021-01-01', -1)).toBe('2020-12-31')
    expect(daysBetween('2021-01-01', '2022-01-01')).toBe(365)
    expect(daysBetween('2022-01-01', '2021-01-01')).toBe(-365)
  })

  it.each([
    '2021-02-30',
    '2021-13-01',
    '2021-1-1',
    '20210101',
    '',
    '2021-05-03T00:00:00Z',
    'Infinity',
  ])('throws for the date "%s"', (date) => {
    const calendar = openCalendar('UTC')
    expect(() => calendar.startOf(date)).toThrow(RangeError)
    expect(() => calendar.addDays(date, 1)).toThrow(RangeError)
    expect(() => calendar.addMonths(date, 1)).toThrow(RangeError)
    expect(() => calendar.endOfMonth(date, 1)).toThrow(RangeError)
    expect(() => calendar.daysBetween(date, '2021-01-01')).toThrow(RangeError)
  })

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, -1e15])(
    'throws for the instant %d',
    (instant) => {
      expect(() => openCalendar('UTC').dateOf(instant)).toThrow(RangeError)
    },
  )

  it('throws for a fraction of a day or a month', () => {
    const { addDays, addMonths, endOfMonth } = openCalendar('UTC')
    expect(() => addDays('2021-01-01', 0.5)).toThrow(RangeError)
    expect(() => addMonths('2021-01-01', Number.NaN)).toThrow(RangeError)
    expect(() => endOfMonth('2021-01-01', 1.5)).toThrow(RangeError)
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError)
  })

  it('reaches to the last instant that is accepted, in every zone', () => {
    for (const zone of ['Asia/Shanghai', 'UTC', 'America/Sao_Paulo']) {
      expect(openCalendar(zone).dateOf(Date.UTC(9999, 11, 31, 23, 59, 59, 999))).toBe('9999-12-31')
      expect(openCalendar(zone).dateOf(Date.UTC(1900, 0, 1))).toMatch(/^(1900-01-01|1899-12-31)$/)
    }
  })

  const zones = [
    'Asia/Shanghai',
    'Europe/London',
    'America/Sao_Paulo',
    'Pacific/Apia',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Africa/Casablanca',
    'UTC',
  ]
  const instants = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2037, 11, 31) })

  it.each(zones)('puts every instant into exactly one day: %s', (zone) => {
    const { dateOf, startOf, endOf, addDays } = openCalendar(zone)
    fc.assert(
      fc.property(instants, (instant) => {
        const date = dateOf(instant)
        expect(startOf(date)).toBeLessThanOrEqual(instant)
        expect(endOf(date)).toBeGreaterThan(instant)
        expect(startOf(addDays(date, 1))).toBe(endOf(date))
        expect(dateOf(startOf(date))).toBe(date)
        expect(dateOf(endOf(date) - 1)).toBe(date)
        expect(dateOf(endOf(date)) > date).toBe(true)
      }),
    )
  })

  it.each(zones.filter((zone) => zone !== 'America/St_Johns'))(
    'shows what a clock shows: %s',
    (zone) => {
      fc.assert(
        fc.property(instants, (instant) => {
          expect(openCalendar(zone).dateOf(instant)).toBe(wallDate(zone, instant))
        }),
      )
    },
  )

  it('remembers days, so that asking again costs next to nothing', async () => {
    const { dateOf } = openCalendar('Asia/Shanghai')
    const start = Date.UTC(2021, 4, 3)
    const ask = async (times: number) => {
      const tookMs = await processorMs(() => {
        for (let n = 0; n < times; n += 1) dateOf(start + (n % 31) * 24 * HOUR_MS + n)
      })
      return (tookMs / times) * 1_000
    }
    await ask(20_000)
    const microseconds = [await ask(100_000), await ask(100_000), await ask(100_000)]
    expect(Math.min(...microseconds)).toBeLessThan(2)
  })
})
