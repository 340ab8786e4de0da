import { badUserInput, JsonScalar } from '@pointwell/plugin/graphql'
import { GraphQLScalarType } from 'graphql'

/** How a router names an entity: its type, and the fields of its key. */
export interface Representation {
  readonly __typename: string
  readonly [field: string]: unknown
}

/** The name is that of Apollo Federation. */
export const RepresentationScalar = new GraphQLScalarType<Representation, unknown>({
  name: '_Any',
  description:
    'How a router of Apollo Federation names an entity: an object with its `__typename` and its key, `{ "__typename": "Member", "id": "m-1" }`.',
  serialize: (value) => value,
  parseValue: (value) => checked(JsonScalar.parseValue(value)),
  parseLiteral: (literal, variables) => checked(JsonScalar.parseLiteral(literal, variables)),
})

function checked(value: unknown): Representation {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isObject && '__typename' in value && typeof value.__typename === 'string') {
    return value as Representation
  }
  throw badUserInput('An entity is named by an object with its `__typename`.')
}
