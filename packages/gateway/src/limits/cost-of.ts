import {
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
} from 'graphql'
// The CommonJS side by name: the other one brings a second copy of graphql with it. Of its exports
// Node sees only some when they are imported by name, and this is one of them.
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity/cjs'

/** How many items a list is taken to have when no argument says so. */
const GUESSED_ITEMS = 5
const MUTATION_COST = 10

/**
 * What an operation costs: every object 1, every change 10; what lies under a list as often as the
 * list has items: `first` of a connection, the items of a list among the arguments, else a guess. A
 * field may say otherwise by its `complexity`. Its variables must fit the operation.
 */
export function costOf(operation: {
  schema: GraphQLSchema
  document: DocumentNode
  operationName?: string | null
  variables?: Readonly<Record<string, unknown>> | null
  /** Hears of every field asked for that counts for itself by a function. */
  onOwnCount?: () => void
}): number {
  const { schema, document, operationName, variables, onOwnCount } = operation
  return getComplexity({
    schema,
    query: document,
    operationName: operationName ?? undefined,
    variables: variables ? { ...variables } : {},
    estimators: [costAsDeclared(onOwnCount), costOfField(schema)],
  })
}

/** What a field says of itself: type-graphql's `complexity`. */
function costAsDeclared(onOwnCount?: () => void): ComplexityEstimator {
  return (field) => {
    const { complexity } = field.field.extensions
    if (typeof complexity !== 'function') return complexity
    onOwnCount?.()
    return complexity(field)
  }
}

function costOfField(schema: GraphQLSchema): ComplexityEstimator {
  const query = schema.getQueryType()
  const mutation = schema.getMutationType()
  return ({ type, field, args, childComplexity }) => {
    const isObject = isCompositeType(getNamedType(field.type))
    const own = type === mutation ? MUTATION_COST : isObject || type === query ? 1 : 0
    const shown = itemsShown(type.name, field.type, args)
    const isMade = type === mutation || type === query
    return (isMade ? Math.max(1, itemsSent(args)) : shown) * own + shown * childComplexity
  }
}

function itemsShown(
  parent: string,
  type: GraphQLOutputType,
  args: Record<string, unknown>,
): number {
  const page = args.first ?? args.last
  if (typeof page === 'number') return Math.max(1, page)
  const sent = itemsSent(args)
  if (!isList(type)) return 1
  // A connection has counted its nodes already.
  if (parent.endsWith('Connection')) return 1
  return sent > 0 ? sent : GUESSED_ITEMS
}

/** Items of the longest list among the arguments: a batch costs what its parts cost. */
function itemsSent(args: Record<string, unknown>): number {
  let most = 0
  for (const value of Object.values(args)) {
    if (Array.isArray(value)) most = Math.max(most, value.length)
  }
  return most
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}
