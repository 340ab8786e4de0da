import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql'
import { assertTextOfVariables, findTextFaultOfDocument } from './check-text.js'
import { findVariableFault } from './check-variables.js'
import { costOf } from './cost-of.js'
import { limitExceeded } from './limit-exceeded.js'
import type { Limits } from './limits.js'

/** A document that was validated, and what is to be done with it. */
export interface Operation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
}

/**
 * What the rules of validation cannot see, because it depends on the variables: texts, whether the
 * variables fit, and the cost. Throws BAD_USER_INPUT with the field, LIMIT_EXCEEDED with the limit.
 * For HTTP and sockets alike.
 */
export function assertOperation(request: Operation, limits: Limits): void {
  const { schema, document, operationName } = request
  const variables = request.variables ?? {}
  const textFault = findTextFaultOfDocument(document, limits.textCharacters)
  if (textFault) throw textFault
  assertTextOfVariables(variables, limits.textCharacters)
  const operation = getOperationAST(document, operationName)
  if (!operation) return
  const variableFault: GraphQLError | undefined = findVariableFault({
    schema,
    operation,
    variables,
  })
  if (variableFault) throw variableFault
  const cost = costOf({ ...request, operationName: operation.name?.value })
  if (cost > limits.cost) {
    throw limitExceeded(
      'cost',
      `Answering this would cost ${cost}, and ${limits.cost} is the most: ask for smaller pages, or in parts.`,
    )
  }
}
