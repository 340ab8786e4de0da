/** Codes of errors as the server sends them; docs/reference/refusals.md says what to do about each. */
export type ServerErrorCode =
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'FORBIDDEN'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'INTERNAL_SERVER_ERROR'
  | 'LIMIT_EXCEEDED'
  | 'OPERATION_NOT_KNOWN'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'RATE_LIMITED'
  | 'SERVICE_UNAVAILABLE'
  | 'UNAUTHENTICATED'

/**
 * What goes wrong on this side: the line broke; the server would not speak with us at all; what came back is
 * no answer of a Pointwell server; `token` threw; the server left out changes of a wallet again and again.
 */
export type ClientErrorCode =
  | 'CONNECTION_LOST'
  | 'CONNECTION_REFUSED'
  | 'UNREADABLE_ANSWER'
  | 'NO_TOKEN'
  | 'VERSION_GAP'

export interface ErrorTerms {
  readonly code: ServerErrorCode | ClientErrorCode
  readonly message: string
  /** The input it is about, as a path: `input.lines.2.quantity`. */
  readonly field?: string | undefined
  /** Which limit of the server it was: `depth`, `cost` … */
  readonly limit?: string | undefined
  /** How long to wait before the same is asked again. */
  readonly retryAfterMs?: number | undefined
  /** The status of the HTTP answer. */
  readonly status?: number | undefined
  /** Where in the answer. */
  readonly path?: readonly (string | number)[] | undefined
  readonly cause?: unknown
}

/** A fault, in one shape wherever it arose. A refusal of the programme is no fault: it is in the answer, as `Refusal`. */
export class PointwellError extends Error {
  override readonly name = 'PointwellError'
  readonly code: ErrorTerms['code']
  readonly field: string | undefined
  readonly limit: string | undefined
  readonly retryAfterMs: number | undefined
  readonly status: number | undefined
  readonly path: readonly (string | number)[] | undefined

  constructor({ code, message, cause, field, limit, retryAfterMs, status, path }: ErrorTerms) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.field = field
    this.limit = limit
    this.retryAfterMs = retryAfterMs
    this.status = status
    this.path = path
  }

  /** Whether the same may well go through later. After a change, send it again with the same key: it counts once. */
  get isPassing(): boolean {
    return PASSING.has(this.code)
  }
}

const PASSING: ReadonlySet<string> = new Set<ErrorTerms['code']>([
  'CONNECTION_LOST',
  'INTERNAL_SERVER_ERROR',
  'NO_TOKEN',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'UNREADABLE_ANSWER',
])
