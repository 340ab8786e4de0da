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

/**
 * What a parser threw because it ran out of stack, as the limit that it is; anything else as it came. The
 * limit on words alone leaves room for more brackets in brackets than a stack has frames.
 */
export function nestedTooDeeply(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError) cause = cause.originalError
  if (!(cause instanceof RangeError)) return error
  return limitExceeded('depth', 'The operation is nested too deeply to be read.')
}
