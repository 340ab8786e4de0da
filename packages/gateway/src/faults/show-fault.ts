import { LedgerClosed, LedgerOverloaded, StoreConflict } from '@pointwell/ledger'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { nestedTooDeeply } from '../limits/limit-exceeded.js'

/** Codes that a client can do something about. Anything else is ours and stays inside. */
export const ERROR_CODES: readonly string[] = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'LIMIT_EXCEEDED',
  'OPERATION_NOT_KNOWN',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
]
const SHOWN: ReadonlySet<unknown> = new Set(ERROR_CODES)

const MAX_MESSAGE = 500

/** What graphql adds to a word that the schema does not have: words that it has. */
const GUESS = / Did you mean .+\?$/s

/**
 * An error as a client gets it: message, place, path, `code`, and `field`, `limit` or `retryAfter` where
 * they say something. No stack, and of a fault of ours neither message nor cause. Where the schema may not be
 * asked for (`introspection`), nothing guesses at it either.
 */
export function showFault(
  formatted: GraphQLFormattedError,
  error: unknown,
  { introspection }: { introspection: boolean },
): GraphQLFormattedError {
  const { locations, path } = formatted
  const place = { ...(locations && { locations }), ...(path && { path }) }
  const { code, field, limit, retryAfter } = formatted.extensions ?? {}
  if (isBusy(error)) {
    return {
      message: 'Too much is going on just now; nothing was written. Try again in a moment.',
      ...place,
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    }
  }
  if (causeOf(error) instanceof StoreConflict) {
    return {
      message:
        'It is not known whether this was written. Send the same again, with the same key: it counts once.',
      ...place,
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    }
  }
  const tooDeep = code === 'GRAPHQL_PARSE_FAILED' ? nestedTooDeeply(error) : error
  if (tooDeep !== error) {
    const { message, extensions } = tooDeep as GraphQLError
    return { message, extensions }
  }
  if (!SHOWN.has(code)) {
    return {
      message: 'Something went wrong on our side.',
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    }
  }
  const message = introspection ? formatted.message : formatted.message.replace(GUESS, '')
  return {
    message: message.slice(0, MAX_MESSAGE),
    ...place,
    extensions: {
      // Validation puts its own code over that of a scalar or of a limit.
      code: limit !== undefined ? 'LIMIT_EXCEEDED' : field !== undefined ? 'BAD_USER_INPUT' : code,
      ...(field !== undefined && { field }),
      ...(limit !== undefined && { limit }),
      ...(retryAfter !== undefined && { retryAfter }),
    },
  }
}

/** Whether an error is a fault of ours, to be logged as one. A database that did not answer in time is:
 * somebody should look at it, though a client can help itself. */
export function isOwnFault(error: unknown): boolean {
  return !(error instanceof GraphQLError && SHOWN.has(error.extensions.code)) && !isBusy(error)
}

/** The ledger did not let it in: nothing was written. */
function isBusy(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof LedgerOverloaded || cause instanceof LedgerClosed
}

function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? error.originalError : error
}
