import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql'
import { costOf } from './cost-of.js'

/** So many sizes of one operation are remembered: pages of 10 and 20, batches of 1 to 100. */
const MAX_SIZES = 128
/** A word in the variables that is longer is no size of anything. */
const MAX_WORD = 32

interface Asked {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/** What one variable says of sizes; undefined when that cannot be told from outside. */
type SizeOf = (value: unknown) => string | undefined

interface Remembered {
  readonly sizes: readonly { name: string; sizeOf: SizeOf }[]
  readonly costs: Map<string, number>
}

export interface CostMemo {
  /** As `costOf`; the variables must fit the operation. */
  costOf(asked: Asked): number
}

/**
 * Counting what an operation costs takes longer than most answers, and comes out the same whenever the
 * sizes in the variables are the same: how long a page, how many in a list, which switches are on. So
 * it is remembered by those, for as long as the document is.
 */
export function openCostMemo(schema: GraphQLSchema): CostMemo {
  const remembered = new WeakMap<OperationDefinitionNode, Remembered>()

  return {
    costOf({ document, operation, variables }) {
      const { sizes, costs } = memoOf(operation)
      const key = keyOf(sizes, variables)
      const remembered = key === undefined ? undefined : costs.get(key)
      if (remembered !== undefined) return remembered
      let isForSizesOnly = true
      const cost = costOf({
        schema,
        document,
        operationName: operation.name?.value,
        variables,
        // Such a field may look at anything.
        onOwnCount() {
          isForSizesOnly = false
        },
      })
      if (key !== undefined && isForSizesOnly) {
        if (costs.size >= MAX_SIZES) costs.clear()
        costs.set(key, cost)
      }
      return cost
    },
  }

  function memoOf(operation: OperationDefinitionNode): Remembered {
    let memo = remembered.get(operation)
    if (!memo) {
      const sizes = (operation.variableDefinitions ?? []).map((definition) => ({
        name: definition.variable.name.value,
        sizeOf: sizeReader(schema, definition),
      }))
      memo = { sizes, costs: new Map() }
      remembered.set(operation, memo)
    }
    return memo
  }
}

function keyOf(
  sizes: Remembered['sizes'],
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  let key = ''
  for (const { name, sizeOf } of sizes) {
    const size = sizeOf(Object.hasOwn(variables, name) ? variables[name] : undefined)
    if (size === undefined) return undefined
    key += `${size},`
  }
  return key
}

/** Of a list its length counts, of an object that it is there, of a text nothing; all else counts whole. */
function sizeReader(schema: GraphQLSchema, { type: node }: VariableDefinitionNode): SizeOf {
  const type = typeFromAST(schema, node)
  if (!type || !isInputType(type)) return () => undefined
  const isList = isListType(getNullableType(type))
  const named = getNamedType(type)
  const isPlain = isInputObjectType(named) || named.name === 'String' || named.name === 'ID'
  return (value) => {
    if (value === undefined || value === null) return String(value)
    // What stands alone where a list is expected is a list of one.
    if (isList) return Array.isArray(value) ? `${value.length}` : '1'
    if (isPlain) return 'there'
    return typeof value === 'object' || String(value).length > MAX_WORD
      ? undefined
      : JSON.stringify(value)
  }
}
