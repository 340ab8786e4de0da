import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCurrencyDigits } from './find-currency-digits.js'
import { findMoney, formatMoney } from './money.js'

describe('money', () => {
  it.each([
    ['12.50 CNY', { amountMinor: 1250, currency: 'CNY' }],
    ['12.5 CNY', { amountMinor: 1250, currency: 'CNY' }],
    ['12 CNY', { amountMinor: 1200, currency: 'CNY' }],
    ['0 JPY', { amountMinor: 0, currency: 'JPY' }],
    ['-0.01 CNY', { amountMinor: -1, currency: 'CNY' }],
    ['-0.00 CNY', { amountMinor: 0, currency: 'CNY' }],
    ['1.234 KWD', { amountMinor: 1234, currency: 'KWD' }],
    ['90071992547409.91 CNY', { amountMinor: Number.MAX_SAFE_INTEGER, currency: 'CNY' }],
  ])('reads %s', (text, money) => {
    expect(findMoney(text)).toStrictEqual(money)
  })

  it.each([
    '12.505 CNY',
    '1.0 JPY',
    '12.50',
    '12.50 XXX',
    '12.50 cny',
    '012.50 CNY',
    '.50 CNY',
    '12. CNY',
    '1e3 CNY',
    '12,50 CNY',
    '12.50  CNY',
    ' 12.50 CNY',
    '12.50 CNY\n',
    '+1 CNY',
    '90071992547409.92 CNY',
    '99999999999999999999 CNY',
    '',
  ])('does not read %j', (text) => {
    expect(findMoney(text)).toBeUndefined()
  })

  it('reads back what it writes, for any amount of any currency', () => {
    const currency = fc.constantFrom('CNY', 'JPY', 'KWD', 'CLF', 'USD')
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (amountMinor, currency) => {
        const text = formatMoney({ amountMinor, currency })
        expect(findMoney(text)).toStrictEqual({ amountMinor: amountMinor || 0, currency })
        const digits = findCurrencyDigits(currency)
        expect(text).toMatch(digits ? new RegExp(`^-?\\d+\\.\\d{${digits}} `) : /^-?\d+ /)
      }),
    )
  })
})
