import { GraphQLScalarType, Kind } from 'graphql'
import { badUserInput } from './faults.js'
import { inLiteral } from './in-literal.js'

/** Whole points, never a 32-bit integer. Inside: a number. */
export const PointsScalar = new GraphQLScalarType<number, number>({
  name: 'Points',
  description:
    'Points: a whole number from −9007199254740991 to 9007199254740991 (2^53 − 1), as a JSON number.',
  serialize(value) {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      throw new Error(`${String(value)} is not a whole number of points.`)
    }
    return value === 0 ? 0 : value
  },
  parseValue(value) {
    if (typeof value !== 'number') throw badUserInput('Points are a number, not text.')
    return assertPoints(value)
  },
  parseLiteral: (literal) =>
    inLiteral(literal, (node) => {
      if (node.kind !== Kind.INT) throw badUserInput('Points are a whole number.')
      return assertPoints(Number(node.value))
    }),
})

function assertPoints(value: number): number {
  if (!Number.isInteger(value)) throw badUserInput('Points are whole: no fractions.')
  if (!Number.isSafeInteger(value)) throw badUserInput('Points go up to 9007199254740991.')
  return value === 0 ? 0 : value
}
