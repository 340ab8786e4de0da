import { PointwellError } from '../errors/pointwell-error.js'

/** What was caught, so that a component shows one kind. */
export function asPointwellError(cause: unknown): PointwellError {
  if (cause instanceof PointwellError) return cause
  return new PointwellError({ code: 'CONNECTION_LOST', message: String(cause), cause })
}
