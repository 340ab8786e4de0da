import fc, { type Arbitrary } from 'fast-check'
import type { BuilderKind } from '../../schema/builder-kinds.js'
import { CURRENCIES, minorDigits } from '../../schema/currency.js'
import { MAX_POINTS } from '../../schema/limits.js'
import { LONGEST_TOKEN } from './longest-token.js'
import { decimalArbitrary, wholeArbitrary } from './number-arbitraries.js'
import { identifierArbitrary, textArbitrary } from './text-arbitraries.js'
import { dateArbitrary, instantArbitrary, isoArbitrary } from './time-arbitraries.js'

/** The programme's currency in nearly all cases, so that little is refused for another. */
export const CURRENCY = 'CNY'

/** Inputs of the schemas that this package builds. */
export function builderArbitrary(
  it: BuilderKind,
  tokens: Arbitrary<string> | undefined,
): Arbitrary<unknown> {
  switch (it.kind) {
    case 'instant':
      return fc.oneof({ arbitrary: instantArbitrary(), weight: 3 }, isoArbitrary())
    case 'local-date':
      return dateArbitrary()
    case 'currency':
      return currencyArbitrary()
    case 'money':
      return moneyArbitrary()
    case 'decimal':
      return decimalArbitrary(it.limits)
    case 'text':
      return (it.max >= LONGEST_TOKEN && tokens) || textArbitrary(it)
    case 'identifier':
      return (it.max >= LONGEST_TOKEN && tokens) || identifierArbitrary(it)
  }
}

export function currencyArbitrary(): Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constant(CURRENCY), weight: 20 },
    { arbitrary: fc.constantFrom(...CURRENCIES), weight: 1 },
  )
}

function moneyArbitrary(): Arbitrary<unknown> {
  return fc
    .tuple(wholeArbitrary({ min: 0, max: MAX_POINTS }), currencyArbitrary(), fc.boolean())
    .map(([amountMinor, currency, asText]) =>
      asText ? shown(amountMinor, currency) : { amountMinor, currency },
    )
}

function shown(amountMinor: number, currency: string): string {
  const places = minorDigits(currency)
  const digits = `${amountMinor}`.padStart(places + 1, '0')
  const cut = digits.length - places
  return `${digits.slice(0, cut)}${places === 0 ? '' : `.${digits.slice(cut)}`} ${currency}`
}
