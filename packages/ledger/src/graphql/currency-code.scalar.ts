import { GraphQLScalarType, Kind } from 'graphql'
import { findCurrencyDigits } from '../money/find-currency-digits.js'
import { badUserInput } from './faults.js'
import { inLiteral } from './in-literal.js'

/** A currency in circulation. Inside: its code. */
export const CurrencyCodeScalar = new GraphQLScalarType<string, string>({
  name: 'CurrencyCode',
  description: 'An ISO 4217 code of a currency in circulation: `CNY`.',
  serialize(value) {
    if (typeof value !== 'string' || findCurrencyDigits(value) === undefined) {
      throw new Error(`There is no currency ${String(value)}.`)
    }
    return value
  },
  parseValue: assertCurrency,
  parseLiteral: (literal) =>
    inLiteral(literal, (node) =>
      assertCurrency(node.kind === Kind.STRING ? node.value : undefined),
    ),
})

function assertCurrency(value: unknown): string {
  if (typeof value !== 'string' || findCurrencyDigits(value) === undefined) {
    throw badUserInput('Not a currency: three capital letters of ISO 4217, such as "CNY".')
  }
  return value
}
