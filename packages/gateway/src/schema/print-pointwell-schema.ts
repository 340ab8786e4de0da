import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'

/** The schema as text, the same whatever order its parts were given in. */
export function printPointwellSchema(schema: GraphQLSchema): string {
  return `# Written by \`pointwell schema\`; do not edit.\n\n${printSchema(lexicographicSortSchema(schema))}\n`
}
