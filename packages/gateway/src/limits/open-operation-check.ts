import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql'
import { assertVariables, findTextFaultOfDocument } from './check-input.js'
import { openCostMemo } from './cost-memo.js'
import { findVariableFault } from './find-variable-fault.js'
import { limitExceeded } from './limit-exceeded.js'
import type { Limits } from './limits.js'

/** What is to be done with a document that was validated. */
export interface Asked {
  readonly document: DocumentNode
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
}

/**
 * Checks what the rules of validation cannot see, because it depends on the variables: texts, whether
 * the variables fit, and the cost. For HTTP and sockets alike. What follows from the document alone is
 * looked at once a document.
 */
export interface OperationCheck {
  /** What answering costs. Throws BAD_USER_INPUT with the field, LIMIT_EXCEEDED with the limit. */
  assertOperation(asked: Asked): number
}

export function openOperationCheck({
  schema,
  limits,
}: {
  schema: GraphQLSchema
  limits: Limits
}): OperationCheck {
  const costs = openCostMemo(schema)
  const clean = new WeakSet<DocumentNode>()

  return {
    assertOperation({ document, operationName, variables: given }) {
      const variables = given ?? {}
      assertTextOfDocument(document)
      assertVariables(variables, limits)
      const operation = getOperationAST(document, operationName)
      if (!operation) return 0
      const fault = findVariableFault({ schema, operation, variables })
      if (fault) throw fault
      return assertCost({ document, operation, variables })
    },
  }

  function assertTextOfDocument(document: DocumentNode): void {
    if (clean.has(document)) return
    const fault = findTextFaultOfDocument(document, limits.textCharacters)
    if (fault) throw fault
    clean.add(document)
  }

  function assertCost(asked: {
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Readonly<Record<string, unknown>>
  }): number {
    const cost = costs.costOf(asked)
    if (cost > limits.cost) {
      throw limitExceeded(
        'cost',
        `Answering this would cost ${cost}, and ${limits.cost} is the most: ask for smaller pages, or in parts.`,
      )
    }
    return cost
  }
}
