import { GraphQLScalarType, Kind } from 'graphql'
import { badUserInput } from './faults.js'
import { inLiteral } from './in-literal.js'

/** A day in the programme's own time zone. Inside: the same text. */
export const LocalDateScalar = new GraphQLScalarType<string, string>({
  name: 'LocalDate',
  description: "A day in the programme's own time zone: `2026-03-01`.",
  serialize(value) {
    if (typeof value !== 'string' || !isLocalDate(value)) {
      throw new Error(`${String(value)} is not a date.`)
    }
    return value
  },
  parseValue: assertLocalDate,
  parseLiteral: (literal) =>
    inLiteral(literal, (node) =>
      assertLocalDate(node.kind === Kind.STRING ? node.value : undefined),
    ),
})

function assertLocalDate(value: unknown): string {
  if (typeof value !== 'string' || !isLocalDate(value)) {
    throw badUserInput('Not a date: write year, month and day as in "2026-03-01".')
  }
  return value
}

/** A day of the calendar, years 0001 to 9999. */
export function isLocalDate(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number)
  if (!year || !month || !day) return false
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
