import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
} from 'graphql'

/** What of the schema is there for a router, and is no part of what the subgraph says of itself. */
const OF_FEDERATION = ['_Any', '_Entity', '_Service']
const FIELDS_OF_FEDERATION = ['_entities', '_service']
/** What a class may say by `@Directive('@key(fields: "id")')`. */
const DIRECTIVES = ['key', 'shareable']
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])'

/**
 * The schema as one subgraph of Apollo Federation 2: without the fields a router asks by, with the
 * directives that the printer of the language leaves out.
 */
export function printSubgraph(schema: GraphQLSchema): string {
  const { definitions } = parse(printSchema(lexicographicSortSchema(schema)), { noLocation: true })
  const own = definitions.filter(
    (definition) => !('name' in definition && OF_FEDERATION.includes(definition.name?.value ?? '')),
  )
  return `${[LINK, ...own.map((definition) => print(ofSubgraph(definition, schema)))].join('\n\n')}\n`
}

function ofSubgraph(definition: DefinitionNode, schema: GraphQLSchema): DefinitionNode {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition
  const isQuery = definition.name.value === schema.getQueryType()?.name
  return {
    ...definition,
    directives: directivesOf(definition, schema),
    ...(isQuery && {
      fields: definition.fields?.filter(({ name }) => !FIELDS_OF_FEDERATION.includes(name.value)),
    }),
  }
}

function directivesOf(
  { name }: ObjectTypeDefinitionNode,
  schema: GraphQLSchema,
): readonly ConstDirectiveNode[] {
  const type = schema.getType(name.value)
  const given = isObjectType(type) ? (type.astNode?.directives ?? []) : []
  return given.filter((directive) => DIRECTIVES.includes(directive.name.value))
}
