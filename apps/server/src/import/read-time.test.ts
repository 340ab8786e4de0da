import { describe, expect, it } from 'vitest'
import { checkTimeFormat, makeTimeReader } from './read-time.js'

describe('times in a file', () => {
  it.each([
    ['YYYY-MM-DD hh:mm:ss', 'Europe/London', '2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z'],
    ['YYYY-MM-DD hh:mm:ss', 'Europe/London', '2011-05-31 08:26:00', '2011-05-31T07:26:00.000Z'],
    ['YYYY-MM-DD hh:mm:ss', 'Asia/Shanghai', '2011-05-31 08:26:00', '2011-05-31T00:26:00.000Z'],
    ['YYYYMMDD', 'America/New_York', '19970101', '1997-01-01T05:00:00.000Z'],
    ['M/D/YYYY h:mm', 'UTC', '12/1/2010 8:26', '2010-12-01T08:26:00.000Z'],
    ['M/D/YYYY h:mm', 'UTC', '2/28/2010 18:06', '2010-02-28T18:06:00.000Z'],
    ['DD.MM.YYYY h:mm AM', 'UTC', '28.02.2010 12:06 am', '2010-02-28T00:06:00.000Z'],
    ['DD.MM.YYYY h:mm AM', 'UTC', '28.02.2010 12:06 P.M.', '2010-02-28T12:06:00.000Z'],
    ['DD.MM.YYYY h:mm AM', 'UTC', '28.02.2010 1:06 PM', '2010-02-28T13:06:00.000Z'],
    ['YYYY-MM-DDThh:mm:ss.SSS', 'UTC', '2024-02-29T00:00:00.007', '2024-02-29T00:00:00.007Z'],
    ['iso', 'Asia/Shanghai', '2024-02-29', '2024-02-28T16:00:00.000Z'],
    ['iso', 'Asia/Shanghai', '2024-02-29 12:00', '2024-02-29T04:00:00.000Z'],
    ['iso', 'Asia/Shanghai', '2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
    ['iso', 'Asia/Shanghai', '2024-02-29 12:00:00.5-03:00', '2024-02-29T15:00:00.500Z'],
    ['epoch-s', 'UTC', '1291191960', '2010-12-01T08:26:00.000Z'],
    ['epoch-ms', 'UTC', '1291191960123', '2010-12-01T08:26:00.123Z'],
    // The clocks skip 01:30 there, and show it twice there.
    ['iso', 'Europe/London', '2011-03-27T01:30', '2011-03-27T01:30:00.000Z'],
    ['iso', 'Europe/London', '2011-10-30T01:30', '2011-10-30T00:30:00.000Z'],
  ])('%s in %s: %s', (format, zone, text, expected) => {
    const at = makeTimeReader({ format, zone })(text)
    expect(at === null ? null : new Date(at).toISOString()).toBe(expected)
  })

  it.each([
    ['YYYY-MM-DD hh:mm:ss', ''],
    ['YYYY-MM-DD hh:mm:ss', '2010-12-01'],
    ['YYYY-MM-DD hh:mm:ss', '2010-12-01 08:26:00 '],
    ['YYYY-MM-DD hh:mm:ss', '2010-13-01 08:26:00'],
    ['YYYY-MM-DD hh:mm:ss', '2011-02-29 08:26:00'],
    ['YYYY-MM-DD hh:mm:ss', '2010-12-01 24:00:00'],
    ['YYYY-MM-DD hh:mm:ss', '2010-12-01 08:60:00'],
    ['YYYY-MM-DD hh:mm:ss', '01-12-2010 08:26:00'],
    ['YYYY.MM.DD', '2010-12-01'],
    ['YYYYMMDD', '1997010'],
    ['DD.MM.YYYY h:mm AM', '28.02.2010 13:06 PM'],
    ['DD.MM.YYYY h:mm AM', '28.02.2010 0:06 AM'],
    ['iso', 'yesterday'],
    ['iso', '2011-02-29'],
    ['iso', '12'],
    ['epoch-s', '12.5'],
    ['epoch-s', '99999999999999999'],
    ['epoch-ms', '9999999999999999'],
  ])('%s does not read %s', (format, text) => {
    expect(makeTimeReader({ format, zone: 'UTC' })(text)).toBeNull()
  })

  it('remembers no more than it needs, and stays right', () => {
    const read = makeTimeReader({ format: 'epoch-ms', zone: 'UTC' })
    for (let at = 0; at < 25_000; at += 1) expect(read(String(at))).toBe(at)
    expect(read('3')).toBe(3)
  })

  it.each(['iso', 'epoch-s', 'YYYYMMDD', 'M/D/YYYY h:mm AM'])('takes the format %s', (format) => {
    expect(checkTimeFormat(format)).toBeNull()
  })

  it.each([
    ['hh:mm', /no year/],
    ['YYYY-MM', /no day/],
    ['YYYY-MM-DD DD', /day twice/],
    ['YYYY-MM-DD AM', /no hour/],
  ])('does not take the format %s', (format, fault) => {
    expect(checkTimeFormat(format)).toMatch(fault)
  })
})
