import fc from 'fast-check'
import { type GraphQLScalarType, parseValue } from 'graphql'
import { describe, expect, it } from 'vitest'
import {
  CurrencyCodeScalar,
  DateTimeScalar,
  DecimalScalar,
  JsonScalar,
  LocalDateScalar,
  MoneyScalar,
  PointsScalar,
} from './index.js'

const literal = (scalar: GraphQLScalarType, text: string) =>
  scalar.parseLiteral(parseValue(text), {})
const faults = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as { extensions?: { code?: string } }).extensions?.code
  }
  return undefined
}

describe('A3: Points', () => {
  it('carries every whole number that a JSON number holds exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (points) => {
        expect(PointsScalar.parseValue(points)).toBe(points || 0)
        expect(literal(PointsScalar, String(points))).toBe(points || 0)
        expect(PointsScalar.serialize(points)).toBe(points || 0)
      }),
    )
  })

  it.each([0.5, 2 ** 53, -(2 ** 53), 1e300, Number.NaN, Number.POSITIVE_INFINITY, '5', true, null])(
    'takes no %s',
    (value) => {
      expect(faults(() => PointsScalar.parseValue(value))).toBe('BAD_USER_INPUT')
      expect(() => PointsScalar.serialize(value)).toThrow()
    },
  )

  it.each(['1.0', '1e3', '"5"', '9007199254740992', 'true', '[1]'])(
    'takes no literal %s',
    (text) => {
      expect(faults(() => literal(PointsScalar, text))).toBe('BAD_USER_INPUT')
    },
  )
})

describe('A3: Decimal', () => {
  it.each([
    ['0', '0'],
    ['-0.00', '0'],
    ['12.50', '12.5'],
    ['-3.0', '-3'],
    ['0.00000000000000000001', '0.00000000000000000001'],
    ['123456789012345678901234567890.5', '123456789012345678901234567890.5'],
  ])('reads %s as %s', (text, decimal) => {
    expect(DecimalScalar.parseValue(text)).toBe(decimal)
    expect(DecimalScalar.serialize(text)).toBe(decimal)
  })

  it.each(['', '1e3', '01', '1.', '.5', '+1', '1,5', 'NaN', '١', ' 1', 1.5, 5, null])(
    'takes no %j',
    (value) => {
      expect(faults(() => DecimalScalar.parseValue(value))).toBe('BAD_USER_INPUT')
    },
  )
})

describe('A3: DateTime', () => {
  it.each([
    ['2026-03-01T16:30:00+08:00', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01T08:30Z', '2026-03-01T08:30:00.000Z'],
    ['2024-02-29T23:59:59.987654321Z', '2024-02-29T23:59:59.987Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ])('reads %s as %s', (text, utc) => {
    expect(DateTimeScalar.serialize(DateTimeScalar.parseValue(text))).toBe(utc)
  })

  it('reads back every instant that it writes', () => {
    const to = Date.UTC(9999, 11, 31)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: to }), (at) => {
        expect(DateTimeScalar.parseValue(DateTimeScalar.serialize(at))).toBe(at)
      }),
    )
  })

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '+012026-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    1767225600000,
    null,
  ])('takes no %j', (value) => {
    expect(faults(() => DateTimeScalar.parseValue(value))).toBe('BAD_USER_INPUT')
  })
})

describe('A3: LocalDate, CurrencyCode, Money', () => {
  it('takes days of the calendar only', () => {
    expect(LocalDateScalar.parseValue('2024-02-29')).toBe('2024-02-29')
    for (const value of ['2023-02-29', '2023-2-1', '2023-00-01', '20230101', 5]) {
      expect(faults(() => LocalDateScalar.parseValue(value))).toBe('BAD_USER_INPUT')
    }
  })

  it('takes currencies in circulation only', () => {
    expect(CurrencyCodeScalar.parseValue('CNY')).toBe('CNY')
    for (const value of ['cny', 'DEM', 'XXX', '', 'CNYY', 156, '__proto__']) {
      expect(faults(() => CurrencyCodeScalar.parseValue(value))).toBe('BAD_USER_INPUT')
    }
  })

  it('carries money as minor units inside and as text outside', () => {
    const money = { amountMinor: 1250, currency: 'CNY' }
    expect(MoneyScalar.parseValue('12.5 CNY')).toStrictEqual(money)
    expect(MoneyScalar.serialize(money)).toBe('12.50 CNY')
    expect(literal(MoneyScalar, '"12.50 CNY"')).toStrictEqual(money)
    expect(faults(() => MoneyScalar.parseValue('12.505 CNY'))).toBe('BAD_USER_INPUT')
    expect(faults(() => literal(MoneyScalar, '12.5'))).toBe('BAD_USER_INPUT')
    expect(() => MoneyScalar.serialize({ amountMinor: 0.5, currency: 'CNY' })).toThrow()
  })
})

describe('A7: JSON', () => {
  it('takes any JSON, as a variable and as a literal', () => {
    const value = { a: [1, -2.5, 'x', null, true], b: { c: {} } }
    expect(JsonScalar.parseValue(value)).toStrictEqual(value)
    expect(literal(JsonScalar, '{a: [1, -2.5, "x", null, true], b: {c: {}}}')).toStrictEqual(value)
  })

  it('is bounded in depth, number of values, and text', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
    expect(JsonScalar.parseValue(nested(15))).toStrictEqual(nested(15))
    const literalNested = `${'['.repeat(40)}1${']'.repeat(40)}`
    const tooMuch: (() => unknown)[] = [
      () => JsonScalar.parseValue(nested(16)),
      () => literal(JsonScalar, literalNested),
      () => JsonScalar.parseValue(Array.from({ length: 20_000 }, () => 0)),
      () => JsonScalar.parseValue(['x'.repeat(262_145)]),
      () => JsonScalar.parseValue({ ['k'.repeat(262_145)]: 1 }),
    ]
    for (const act of tooMuch) expect(faults(act)).toBe('BAD_USER_INPUT')
  })

  it('lets nothing near a prototype', () => {
    expect(faults(() => JsonScalar.parseValue(JSON.parse('{"__proto__": {"admin": true}}')))).toBe(
      'BAD_USER_INPUT',
    )
    expect(faults(() => literal(JsonScalar, '{__proto__: {admin: true}}'))).toBe('BAD_USER_INPUT')
  })
})
