import { GraphQLScalarType, Kind } from 'graphql'
import { badUserInput } from './faults.js'
import { inLiteral } from './in-literal.js'
import { isLocalDate } from './local-date.scalar.js'

const SHAPE =
  /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** An instant. Inside: epoch milliseconds. */
export const DateTimeScalar = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'An instant in ISO 8601, written in UTC with milliseconds: `2026-03-01T08:30:00.000Z`. Any offset is read; finer parts of a second are cut off.',
  serialize(value) {
    if (typeof value !== 'number') throw new Error(`${String(value)} is not an instant.`)
    return new Date(value).toISOString()
  },
  parseValue: assertInstant,
  parseLiteral: (literal) =>
    inLiteral(literal, (node) => assertInstant(node.kind === Kind.STRING ? node.value : undefined)),
})

function assertInstant(value: unknown): number {
  const at = typeof value === 'string' ? findInstant(value) : undefined
  if (at === undefined) {
    throw badUserInput(
      'Not an instant: ISO 8601 with an offset, such as "2026-03-01T16:30:00+08:00".',
    )
  }
  return at
}

/** Reads by a shape of our own: `Date.parse` takes the 30th of February for the 1st of March. */
function findInstant(text: string): number | undefined {
  const [, date, minutes, seconds = '00', fraction = '', offset] = SHAPE.exec(text) ?? []
  if (date === undefined || !isLocalDate(date)) return undefined
  const millis = fraction.slice(0, 3).padEnd(3, '0')
  const at = Date.parse(`${date}T${minutes}:${seconds}.${millis}${offset}`)
  return Number.isNaN(at) ? undefined : at
}
