import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { processorMs } from '../../../../test/support/processor-ms.js'
import {
  CURRENCIES,
  currency,
  decimal,
  EARLIEST_INSTANT,
  identifier,
  instant,
  isCurrency,
  LATEST_INSTANT,
  localDate,
  MAX_POINTS,
  minorDigits,
  money,
  points,
  rate,
  text,
  wholeNumber,
  wordsSchema,
} from '../index.js'

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

describe('points', () => {
  it.each([0, 1, MAX_POINTS])('takes %d', (value) => {
    expect(points().parse(value)).toBe(value)
  })

  it.each([-1, 0.5, Number.NaN, Infinity, MAX_POINTS + 1, 1e300, '5', null, undefined, 5n, [5]])(
    'refuses %s',
    (value) => {
      expect(accepts(points(), value)).toBe(false)
    },
  )

  it('makes 0 of −0, so that equal amounts are equal values', () => {
    expect(Object.is(points().parse(-0), 0)).toBe(true)
  })

  it('has bounds of one’s own as a whole number', () => {
    expect(accepts(wholeNumber({ min: 1, max: 31 }), 31)).toBe(true)
    expect(accepts(wholeNumber({ min: 1, max: 31 }), 32)).toBe(false)
    expect(accepts(wholeNumber({ min: 1, max: 31 }), 0)).toBe(false)
  })
})

describe('instant', () => {
  it.each([
    ['2021-05-03T09:30:00+08:00', Date.UTC(2021, 4, 3, 1, 30)],
    ['2021-05-03T01:30:00Z', Date.UTC(2021, 4, 3, 1, 30)],
    ['2021-05-03T01:30:00.123456Z', Date.UTC(2021, 4, 3, 1, 30, 0, 123)],
    [1_620_005_400_000, 1_620_005_400_000],
    [EARLIEST_INSTANT, EARLIEST_INSTANT],
    [LATEST_INSTANT, LATEST_INSTANT],
  ])('reads %s', (value, at) => {
    expect(instant().parse(value)).toBe(at)
  })

  it.each([
    '2021-05-03',
    '2021-05-03T09:30:00', // no offset: whose half past nine?
    '2021-02-29T00:00:00Z',
    '2021-13-01T00:00:00Z',
    '2021-05-03T24:00:00Z',
    '2021-05-03T09:30:00+8',
    'yesterday',
    '',
    '1899-12-31T23:59:59Z',
    EARLIEST_INSTANT - 1,
    LATEST_INSTANT + 1,
    1.5,
    Number.NaN,
    null,
    new Date(0),
  ])('refuses %s', (value) => {
    expect(accepts(instant(), value)).toBe(false)
  })

  it.each(['0001-01-01T00:00:00Z', '1899-12-31T23:59:59Z'])(
    'says of %s in words which moments there are',
    (value) => {
      const messages = instant()
        .safeParse(value)
        .error?.issues.map(({ message }) => message)
      expect(messages).toEqual(['Expected a moment from 1900 to 9999.'])
    },
  )

  it('takes its own output', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date(EARLIEST_INSTANT),
          max: new Date(LATEST_INSTANT),
          noInvalidDate: true,
        }),
        (date) => {
          const at = instant().parse(date.toISOString())
          expect(at).toBe(date.getTime())
          expect(instant().parse(at)).toBe(at)
        },
      ),
    )
  })
})

describe('localDate', () => {
  it.each(['2020-02-29', '1900-01-01', '9999-12-31'])('takes %s', (value) => {
    expect(localDate().parse(value)).toBe(value)
  })

  it.each([
    '2021-02-29',
    '2021-2-1',
    '2021-13-01',
    '1899-12-31',
    '2021-05-03T00:00:00Z',
    '',
    20210503,
  ])('refuses %s', (value) => {
    expect(accepts(localDate(), value)).toBe(false)
  })
})

describe('decimal', () => {
  const price = decimal({ places: 4, min: '0' })

  it.each([
    ['12.50', '12.5'],
    ['12.0000', '12'],
    ['0012', '12'],
    ['0', '0'],
    ['0.0', '0'],
    ['100', '100'],
    ['0.0001', '0.0001'],
    ['999999999999999.9999', '999999999999999.9999'],
  ])('reads %s as %s', (value, plain) => {
    expect(price.parse(value)).toBe(plain)
  })

  it.each([
    '-1',
    '-0.0001',
    '0.00001',
    '1e3',
    '1.',
    '.5',
    '+1',
    '1,5',
    ' 1',
    '',
    'NaN',
    '１２',
    1,
    0.1,
    null,
  ])('refuses %s', (value) => {
    expect(accepts(price, value)).toBe(false)
  })

  it('refuses a number of a million digits, at once', async () => {
    const tookMs = await processorMs(() => {
      expect(accepts(price, '1'.repeat(1_000_000))).toBe(false)
      expect(accepts(price, `0.${'0'.repeat(1_000_000)}`)).toBe(false)
    })
    expect(tookMs).toBeLessThan(1_000)
  })

  it('holds to its bounds exactly, and they may be negative', () => {
    const share = decimal({ places: 2, min: '-0.1', max: '99.99' })
    expect(share.parse('-0.10')).toBe('-0.1')
    expect(share.parse('-0')).toBe('0')
    expect(accepts(share, '-0.11')).toBe(false)
    expect(share.parse('99.99')).toBe('99.99')
    expect(accepts(share, '100')).toBe(false)
    expect(accepts(rate(), '1000')).toBe(true)
    expect(accepts(rate(), '1000.000001')).toBe(false)
  })

  it('takes its own output, and equal values come out as equal strings', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
        fc.nat(9999),
        fc.nat(5),
        (whole, tail, zeros) => {
          const written = `${'0'.repeat(zeros % 2)}${whole}.${String(tail).padStart(4, '0')}`.slice(
            0,
            21,
          )
          fc.pre(/^\d{1,15}\./.test(written))
          const plain = price.parse(written)
          expect(price.parse(plain)).toBe(plain)
          expect(plain).not.toMatch(/^0\d|\.$|\.\d*0$/)
        },
      ),
    )
  })
})

describe('currency and money', () => {
  it('knows the digits of ISO 4217, not those of a price tag', () => {
    expect(['CNY', 'JPY', 'KWD', 'IDR', 'HUF', 'CLF'].map(minorDigits)).toEqual([2, 0, 3, 2, 2, 4])
    expect(() => minorDigits('XYZ')).toThrow(RangeError)
    expect(isCurrency('toString')).toBe(false)
  })

  it('knows every code once, and each as three capital letters', () => {
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length)
    for (const code of CURRENCIES) expect(code).toMatch(/^[A-Z]{3}$/)
    expect(CURRENCIES.length).toBeGreaterThan(150)
  })

  it('misses none of those the engine knows, but for what is no longer money', () => {
    const gone = 'ANG BGN CUC HRK LTL LVL SLL STD ZWL VEF BYR MRO XDR XSU XUA'.split(' ')
    const known = new Set([...CURRENCIES, ...gone])
    const current = Intl.supportedValuesOf('currency').filter((code) => !known.has(code))
    expect(current.filter((code) => !/^X|^(DEM|FRF)$/.test(code))).toEqual([])
  })

  it.each(['cny', 'CN', 'CNYY', 'XYZ', '', 'ＣＮＹ', 7])('refuses the currency %s', (value) => {
    expect(accepts(currency(), value)).toBe(false)
  })

  it.each([
    ['12.50 CNY', { amountMinor: 1250, currency: 'CNY' }],
    ['12.5 CNY', { amountMinor: 1250, currency: 'CNY' }],
    ['12 JPY', { amountMinor: 12, currency: 'JPY' }],
    ['1.234 KWD', { amountMinor: 1234, currency: 'KWD' }],
    ['0 CNY', { amountMinor: 0, currency: 'CNY' }],
    [
      { amountMinor: 5, currency: 'EUR' },
      { amountMinor: 5, currency: 'EUR' },
    ],
  ])('reads %s', (value, amount) => {
    expect(money().parse(value)).toEqual(amount)
    expect(money().parse(money().parse(value))).toEqual(amount)
  })

  it.each([
    '12.505 CNY',
    '12.5 JPY',
    '12.50',
    'CNY 12.50',
    '-1 CNY',
    '12.50 XYZ',
    '99999999999999999 CNY',
    '1e3 CNY',
    { amountMinor: 0.5, currency: 'CNY' },
    { amountMinor: -1, currency: 'CNY' },
    { amountMinor: 1, currency: 'XYZ' },
    { amountMinor: 1 },
    12.5,
    null,
  ])('refuses %s', (value) => {
    expect(accepts(money(), value)).toBe(false)
  })
})

describe('text and identifier', () => {
  it.each(['a', '积分', 'Ünïcode 🎁', 'x'.repeat(10)])('takes the text %s', (value) => {
    expect(text({ max: 10 + 4 }).parse(value)).toBe(value)
  })

  it.each([
    '',
    'x'.repeat(11),
    'a\u0000b',
    'a\u202eb',
    'a\u2066b',
    'a\nb',
    'a\u007fb',
    'a\u0085b',
    '\ud800',
    'a\udc00b',
    5,
  ])('refuses the text %j', (value) => {
    expect(accepts(text({ max: 10 }), value)).toBe(false)
  })

  it('takes an empty text where it is told to', () => {
    expect(text({ min: 0, max: 5 }).parse('')).toBe('')
  })

  it.each(['a', '536365', 'INV/2021/001', 'a'.repeat(64), '{0f-9}'])('takes the id %s', (value) => {
    expect(identifier().parse(value)).toBe(value)
  })

  it.each(['', 'a b', 'a'.repeat(65), 'é', 'a\n', '订单', 5, null])(
    'refuses the id %j',
    (value) => {
      expect(accepts(identifier(), value)).toBe(false)
    },
  )

  it('wants words in every language and no more', () => {
    expect(accepts(wordsSchema, { en: 'Points', zh: '积分' })).toBe(true)
    expect(accepts(wordsSchema, { en: 'Points' })).toBe(false)
    expect(accepts(wordsSchema, { en: 'Points', zh: '' })).toBe(false)
    expect(accepts(wordsSchema, { en: 'Points', zh: '积分', fr: 'Points' })).toBe(false)
  })
})

describe('forms', () => {
  it('G2: every builder says in JSON Schema what it takes and what it gives', () => {
    const settings = z.object({
      points: points().default(5),
      at: instant().optional(),
      day: localDate().optional(),
      price: decimal({ places: 4, min: '0' }).default('1'),
      rate: rate().default('1'),
      currency: currency().optional(),
      amount: money().optional(),
      name: text({ max: 20 }).optional(),
      id: identifier().optional(),
      words: wordsSchema.optional(),
    })
    for (const io of ['input', 'output'] as const) {
      const schema = z.toJSONSchema(settings, { io })
      expect(schema.properties).toMatchObject({
        points: { type: 'integer', minimum: 0, maximum: MAX_POINTS, default: 5 },
        day: { type: 'string', format: 'date' },
        price: { type: 'string', pattern: '^\\d{1,15}(\\.\\d{1,4})?$', default: '1' },
        name: { type: 'string', minLength: 1, maxLength: 20 },
        id: { type: 'string', maxLength: 64 },
        words: { type: 'object', required: ['en', 'zh'] },
      })
    }
    expect(z.toJSONSchema(settings, { io: 'output' }).properties!.at).toMatchObject({
      type: 'integer',
    })
  })
})
