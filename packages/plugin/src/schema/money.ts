import { z } from 'zod'
import { builderKinds } from './builder-kinds.js'
import { currency, isCurrency, minorDigits } from './currency.js'
import { MAX_POINTS } from './limits.js'

/** An exact amount: whole minor units (fen, cents) of an ISO 4217 currency, 0 to 2^53−1. */
export interface Money {
  readonly amountMinor: number
  readonly currency: string
}

const moneyObject = z.strictObject({
  // Ends the check: what is wrong is the amount, not a part of it that a caller never wrote.
  amountMinor: z.int().min(0, { abort: true }).max(MAX_POINTS, { abort: true }),
  currency: currency(),
})

/**
 * An amount, not negative: `"12.50 CNY"` (at most the currency's digits) or `{ amountMinor,
 * currency }`. Comes out as the latter, and takes its own output.
 */
export function money() {
  return z
    .union(
      [
        z
          .string()
          .max(24)
          .regex(/^\d{1,16}(\.\d{1,4})? [A-Z]{3}$/),
        moneyObject,
      ],
      {
        error: 'Expected an amount such as "12.50 CNY".',
      },
    )
    .transform((value, context): Money => {
      if (typeof value !== 'string') return value
      const parsed = parseMoney(value)
      if (parsed) return parsed
      context.issues.push({
        code: 'custom',
        input: value,
        message:
          'Expected an amount such as "12.50 CNY", with no more digits than the currency has.',
      })
      return z.NEVER
    })
    .pipe(moneyObject)
    .register(builderKinds, { kind: 'money' })
}

function parseMoney(value: string): Money | undefined {
  const [amount = '', code = ''] = value.split(' ')
  if (!isCurrency(code)) return undefined
  const [whole = '', fraction = ''] = amount.split('.')
  const digits = minorDigits(code)
  if (fraction.length > digits) return undefined
  const amountMinor = Number(whole + fraction.padEnd(digits, '0'))
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency: code } : undefined
}
