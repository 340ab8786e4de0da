import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import { runPlan } from './run-plan.js'
import { type OperationPlan, planOperation } from './selection-plan.js'
import { type Survey, surveyDocument } from './survey.js'

/** A plan that grew larger than so many fields is used once. */
const MAX_FIELDS = 2_000
/** So many ways to set the switches of one operation are remembered. */
const MAX_WAYS = 16

type Asked = Pick<
  ExecutionArgs,
  'document' | 'operationName' | 'variableValues' | 'contextValue' | 'rootValue'
>

/** As graphql's `execute`, for documents that were validated. */
export type Executor = (asked: Asked) => ExecutionResult | Promise<ExecutionResult>

interface Known {
  readonly survey: Survey
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  /** By operation, then by how its switches are set. */
  readonly plans: Map<OperationDefinitionNode, Map<string, OperationPlan>>
}

/**
 * Runs queries, and the events of subscriptions, by plans that are remembered for as long as the document
 * is. Everything else graphql's own executor runs: changes, questions about the schema, whatever a plan
 * cannot be made of. Which of the two it was no answer shows.
 */
export function openExecutor(schema: GraphQLSchema): Executor {
  const documents = new WeakMap<DocumentNode, Known>()

  return (asked) => {
    const { document, operationName, variableValues, contextValue, rootValue } = asked
    const operation = getOperationAST(document, operationName)
    const root = operation && schema.getRootType(operation.operation)
    if (root && operation.operation !== 'mutation') {
      const known = knownOf(document)
      const variables = known.survey.canBePlanned && coerce(operation, variableValues)
      const plan = variables && findPlan(known, { operation, root, variables })
      if (plan) return runPlan({ schema, plan, rootValue, contextValue, variables })
    }
    return execute({ schema, ...asked }) as ExecutionResult | Promise<ExecutionResult>
  }

  function knownOf(document: DocumentNode): Known {
    let known = documents.get(document)
    if (!known) {
      const fragments: Record<string, FragmentDefinitionNode> = Object.create(null)
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
        fragments[definition.name.value] = definition
      }
      known = { survey: surveyDocument(document), fragments, plans: new Map() }
      documents.set(document, known)
    }
    return known
  }

  /** Undefined when they do not fit: what is wrong with them graphql says. */
  function coerce(
    { variableDefinitions = [] }: OperationDefinitionNode,
    variables: ExecutionArgs['variableValues'],
  ): Readonly<Record<string, unknown>> | undefined {
    return getVariableValues(schema, variableDefinitions, variables ?? {}, { maxErrors: 1 }).coerced
  }

  function findPlan(
    { survey, fragments, plans }: Known,
    {
      operation,
      root,
      variables,
    }: {
      operation: OperationDefinitionNode
      root: GraphQLObjectType
      variables: Readonly<Record<string, unknown>>
    },
  ): OperationPlan | undefined {
    const way = wayOf(survey, variables)
    if (way === undefined) return undefined
    let ways = plans.get(operation)
    if (!ways) {
      ways = new Map()
      plans.set(operation, ways)
    }
    const remembered = ways.get(way)
    if (remembered) return remembered
    const plan = planOperation({
      schema,
      operation,
      fragments,
      root,
      variables,
      onGrowth(fields) {
        if (fields > MAX_FIELDS) ways.delete(way)
      },
    })
    if (ways.size >= MAX_WAYS) ways.clear()
    if (plan.selection.fields.length <= MAX_FIELDS) ways.set(way, plan)
    return plan
  }
}

/** How the switches are set; undefined when one of them is neither on nor off. */
function wayOf(
  { switches }: Survey,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  let way = ''
  for (const name of switches) {
    const value = variables[name]
    // One of another operation of the document has no value here, and is not asked for any.
    if (value !== undefined && typeof value !== 'boolean') return undefined
    way += `${value},`
  }
  return way
}
