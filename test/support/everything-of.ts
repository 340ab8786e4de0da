import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql'

/** Every field of a type and of what it leads to, as deep as it goes without coming back. */
export function everythingOf(type: GraphQLOutputType, above: readonly string[] = []): string {
  const named = getNamedType(type)
  if (isUnionType(named)) {
    const parts = named.getTypes().map((part) => `... on ${part.name} ${everythingOf(part, above)}`)
    return `{ __typename ${parts.join(' ')} }`
  }
  if (!isObjectType(named)) return ''
  const fields = Object.values((named as GraphQLObjectType).getFields())
    .filter(({ type, args }) => {
      const isAnswerable = args.every(
        (arg) => !isNonNullType(arg.type) || arg.defaultValue !== undefined,
      )
      return isAnswerable && !above.includes(getNamedType(type).name)
    })
    // Two objects of a union may have a field of one name and of different types.
    .map(
      (field) =>
        `${named.name}_${field.name}: ${field.name} ${everythingOf(field.type, [...above, named.name])}`,
    )
  return `{ __typename ${fields.join(' ')} }`
}
