import { type ASTNode, GraphQLError } from 'graphql'
import type { Limits } from './limits.js'

/** More was asked for than one request may. `limit` says which limit it was. */
export function limitExceeded(
  limit: keyof Limits,
  message: string,
  { nodes }: { nodes?: readonly ASTNode[] } = {},
): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code: 'LIMIT_EXCEEDED', limit } })
}
