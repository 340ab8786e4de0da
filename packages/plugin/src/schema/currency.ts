import { z } from 'zod'
import { builderKinds } from './builder-kinds.js'

/**
 * ISO 4217 by number of digits after the point; those of two digits are the rest. A list of our own,
 * because the engine's is not ISO's (it gives the rupiah and the Iraqi dinar no digits) and changes
 * with its version, while amounts that are stored in minor units must mean the same for ever.
 */
const DIGITS = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD ' +
    'CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD ' +
    'HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD ' +
    'MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON ' +
    'RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD ' +
    'TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
} as const

const digitsOf: ReadonlyMap<string, number> = new Map(
  Object.entries(DIGITS).flatMap(([digits, codes]) =>
    codes.split(' ').map((code): [string, number] => [code, Number(digits)]),
  ),
)

/** Every currency that can be a programme's, ISO 4217, in alphabetical order. */
export const CURRENCIES: readonly string[] = [...digitsOf.keys()].sort()

/** Whether a code is a currency that money is kept in. */
export function isCurrency(code: string): boolean {
  return digitsOf.has(code)
}

/** Digits after the point of a currency: 2 for CNY, 0 for JPY. Throws for an unknown code. */
export function minorDigits(code: string): number {
  const digits = digitsOf.get(code)
  if (digits === undefined) throw new RangeError(`Not a currency of ISO 4217: ${code}`)
  return digits
}

/** An ISO 4217 code in upper case: `CNY`. */
export function currency() {
  return z
    .string()
    .max(3, { abort: true })
    .regex(/^[A-Z]{3}$/, { abort: true, error: 'Expected a currency code of ISO 4217.' })
    .refine(isCurrency, { error: 'Expected a currency code of ISO 4217.' })
    .register(builderKinds, { kind: 'currency' })
}
