import { GraphQLScalarType, Kind } from 'graphql'
import { findMoney, formatMoney, type Money } from '../money/money.js'
import { badUserInput } from './faults.js'
import { inLiteral } from './in-literal.js'

/** Exact money. Inside: `{ amountMinor, currency }`. */
export const MoneyScalar = new GraphQLScalarType<Money, string>({
  name: 'Money',
  description:
    'An exact amount and its currency, `"12.50 CNY"`: major units with at most as many digits after the point as the currency has, a space, the ISO 4217 code.',
  serialize: (value) => formatMoney(value as Money),
  parseValue: assertMoney,
  parseLiteral: (literal) =>
    inLiteral(literal, (node) => {
      if (node.kind !== Kind.STRING) throw badUserInput('Money is sent as text: "12.50 CNY".')
      return assertMoney(node.value)
    }),
})

function assertMoney(value: unknown): Money {
  const money = typeof value === 'string' ? findMoney(value) : undefined
  if (money === undefined) {
    throw badUserInput(
      'Not an amount of money: write "12.50 CNY", with no more digits than the currency has.',
    )
  }
  return money
}
