import { GraphQLError } from 'graphql'

/** What was sent cannot be right. `field` names the input at fault as a path: `input.lines.2.id`. */
export function badUserInput(message: string, { field }: { field?: string } = {}): GraphQLError {
  return new GraphQLError(message, {
    extensions:
      field === undefined ? { code: 'BAD_USER_INPUT' } : { code: 'BAD_USER_INPUT', field },
  })
}

/** Nobody knows who is asking: no token, a broken one, or one that ran out. */
export function unauthenticated(message = 'This needs a valid token.'): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED' } })
}

/** It is known who is asking, and they may not. */
export function forbidden(message = 'You may not do this.'): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } })
}
