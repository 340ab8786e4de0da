import { GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import type { Json } from '../posting/json.js'
import { badUserInput } from './faults.js'
import { inLiteral } from './in-literal.js'

const MAX_DEPTH = 16
const MAX_VALUES = 20_000
const MAX_TEXT = 262_144

/** A document whose shape another schema describes (a policy, an offer's details). */
export const JsonScalar = new GraphQLScalarType<Json, unknown>({
  name: 'JSON',
  description: `Any JSON value, at most ${MAX_DEPTH} levels deep, with at most ${MAX_VALUES} values and ${MAX_TEXT} characters of text. What it must hold is said by the field that takes it.`,
  serialize: (value) => value,
  parseValue: (value) => checked(value),
  parseLiteral: (literal, variables) =>
    inLiteral(literal, (node) => checked(fromLiteral(node, variables ?? {}, 0))),
})

function checked(value: unknown): Json {
  const room = { values: MAX_VALUES, text: MAX_TEXT }
  assertJson(value, room, 1)
  return value
}

function assertJson(
  value: unknown,
  room: { values: number; text: number },
  depth: number,
): asserts value is Json {
  if (depth > MAX_DEPTH) throw badUserInput(`JSON nested deeper than ${MAX_DEPTH} levels.`)
  room.values -= 1
  if (room.values < 0) throw badUserInput(`JSON of more than ${MAX_VALUES} values.`)
  if (typeof value === 'string') return takeText(value, room)
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw badUserInput('JSON has finite numbers only.')
    return
  }
  if (Array.isArray(value)) {
    for (const item of value) assertJson(item, room, depth + 1)
    return
  }
  if (typeof value !== 'object') throw badUserInput('Not JSON.')
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') throw badUserInput('JSON with a key that is not allowed: "__proto__".')
    takeText(key, room)
    assertJson(item, room, depth + 1)
  }
}

function takeText(text: string, room: { text: number }) {
  room.text -= text.length
  if (room.text < 0) throw badUserInput(`JSON with more than ${MAX_TEXT} characters of text.`)
}

function fromLiteral(node: ValueNode, variables: Record<string, unknown>, depth: number): unknown {
  if (depth > MAX_DEPTH) throw badUserInput(`JSON nested deeper than ${MAX_DEPTH} levels.`)
  switch (node.kind) {
    case Kind.NULL:
      return null
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value
    case Kind.ENUM:
      throw badUserInput(`Not JSON: ${node.value} without quotes.`)
    case Kind.LIST:
      return node.values.map((item) => fromLiteral(item, variables, depth + 1))
    case Kind.OBJECT:
      // fromEntries defines own properties: a key `__proto__` stays a key, and is refused later.
      return Object.fromEntries(
        node.fields.map((field) => [
          field.name.value,
          fromLiteral(field.value, variables, depth + 1),
        ]),
      )
    case Kind.VARIABLE:
      return variables[node.name.value] ?? null
  }
}
