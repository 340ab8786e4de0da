import { type ErrorTerms, PointwellError } from './pointwell-error.js'

/** The first of the errors of an answer, as it goes over the wire; undefined where there is none. */
export function readErrors(
  errors: unknown,
  more: Partial<ErrorTerms> = {},
): PointwellError | undefined {
  if (!Array.isArray(errors) || errors.length === 0) return undefined
  const { message, path, extensions = {} } = errors[0] ?? {}
  const { code, field, limit, retryAfter } = extensions
  return new PointwellError({
    code: code ?? 'INTERNAL_SERVER_ERROR',
    message: String(message),
    path,
    field,
    limit,
    ...more,
    retryAfterMs: retryAfter === undefined ? more.retryAfterMs : Number(retryAfter) * 1_000,
  })
}
