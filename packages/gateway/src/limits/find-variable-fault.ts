import { badUserInput } from '@pointwell/ledger/graphql'
import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql'

const MAX_MESSAGE = 300

/**
 * What is wrong with the variables of an operation, undefined when nothing is. Says which field it
 * is, as a path, and unlike the executor does not send back what came in.
 */
export function findVariableFault({
  schema,
  operation,
  variables,
}: {
  schema: GraphQLSchema
  operation: OperationDefinitionNode
  variables: Readonly<Record<string, unknown>>
}): GraphQLError | undefined {
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value
    const type = typeFromAST(schema, definition.type)
    // Another rule has said already that a variable is of a type which there is not.
    if (!type || !isInputType(type)) continue
    if (!Object.hasOwn(variables, name)) {
      if (!isNonNullType(type) || definition.defaultValue) continue
      return badUserInput(`The variable \`$${name}\` is missing.`, { field: name })
    }
    const fault = findInputFault(variables[name], type, name)
    if (fault) return fault
  }
  return undefined
}

function findInputFault(
  value: unknown,
  type: Parameters<typeof coerceInputValue>[1],
  name: string,
): GraphQLError | undefined {
  try {
    coerceInputValue(value, type, (path, _invalid, error) => {
      // One is enough, and the rest of a long list is not looked at.
      throw new InputFault(badUserInput(messageOf(error), { field: [name, ...path].join('.') }))
    })
    return undefined
  } catch (thrown) {
    if (thrown instanceof InputFault) return thrown.fault
    throw thrown
  }
}

/** Ends the reading of a value; graphql takes what a scalar throws for its own, but not what it is told. */
class InputFault extends Error {
  constructor(readonly fault: GraphQLError) {
    super(fault.message)
  }
}

function messageOf(error: GraphQLError): string {
  // Our own scalars say what they want and never what they got.
  if (error.extensions.code === 'BAD_USER_INPUT') return error.message
  // The language's own repeat the value after a colon or a comma; what comes before is enough.
  const [message = ''] = error.message.split(/(?<=value): |, found |\n/)
  return message.slice(0, MAX_MESSAGE)
}
