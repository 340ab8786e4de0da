import { findCurrencyDigits } from './find-currency-digits.js'

/** An exact amount: whole minor units (cents, fen) and an ISO 4217 code. */
export interface Money {
  readonly amountMinor: number
  readonly currency: string
}

const SHAPE = /^(-?)(0|[1-9]\d{0,15})(?:\.(\d{1,4}))? ([A-Z]{3})$/

/** Reads `12.50 CNY`: major units with at most the currency's digits. Undefined: it is not that. */
export function findMoney(text: string): Money | undefined {
  const [, sign, major, fraction = '', currency] = SHAPE.exec(text) ?? []
  if (major === undefined || currency === undefined) return undefined
  const digits = findCurrencyDigits(currency)
  if (digits === undefined || fraction.length > digits) return undefined
  const minor = Number(major + fraction.padEnd(digits, '0'))
  if (!Number.isSafeInteger(minor)) return undefined
  return { amountMinor: sign && minor !== 0 ? -minor : minor, currency }
}

/** Writes `12.50 CNY`, with all of the currency's digits. */
export function formatMoney({ amountMinor, currency }: Money): string {
  const digits = findCurrencyDigits(currency)
  if (digits === undefined) throw new Error(`There is no currency ${currency}.`)
  if (!Number.isSafeInteger(amountMinor)) throw new Error(`${amountMinor} is not a whole amount.`)
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0')
  const sign = amountMinor < 0 ? '-' : ''
  if (digits === 0) return `${sign}${text} ${currency}`
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)} ${currency}`
}
