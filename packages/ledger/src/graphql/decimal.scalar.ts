import { GraphQLScalarType, Kind } from 'graphql'
import { badUserInput } from './faults.js'
import { inLiteral } from './in-literal.js'

const SHAPE = /^(-?)(0|[1-9]\d{0,29})(?:\.(\d{1,20}))?$/

/** An exact decimal. Inside: a string without exponent, without trailing zeros. */
export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal as a string, `"12.5"`: up to 30 digits before and 20 after the point, no exponent.',
  serialize(value) {
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
    const decimal = typeof text === 'string' ? findDecimal(text) : undefined
    if (decimal === undefined) throw new Error(`${String(value)} is not a decimal.`)
    return decimal
  },
  parseValue: assertDecimal,
  parseLiteral: (literal) =>
    inLiteral(literal, (node) => {
      if (node.kind !== Kind.STRING) throw badUserInput('A decimal is sent as text: "12.5".')
      return assertDecimal(node.value)
    }),
})

function assertDecimal(value: unknown): string {
  if (typeof value !== 'string') throw badUserInput('A decimal is sent as text: "12.5".')
  const decimal = findDecimal(value)
  if (decimal === undefined) {
    throw badUserInput(
      'Not a decimal: digits, at most one point, no exponent; up to 30 digits before the point and 20 after it.',
    )
  }
  return decimal
}

/** The one way to write the number: the same amount is the same text, whoever sent it. */
function findDecimal(text: string): string | undefined {
  const [, sign, whole, fraction = ''] = SHAPE.exec(text) ?? []
  if (whole === undefined) return undefined
  const kept = fraction.replace(/0+$/, '')
  const size = kept === '' ? whole : `${whole}.${kept}`
  return size === '0' ? size : `${sign}${size}`
}
