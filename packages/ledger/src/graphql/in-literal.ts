import { GraphQLError, type ValueNode } from 'graphql'

/** Reads a literal; what is refused about it names its place in the operation. */
export function inLiteral<Node extends ValueNode, Value>(
  node: Node,
  read: (node: Node) => Value,
): Value {
  try {
    return read(node)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions })
  }
}
