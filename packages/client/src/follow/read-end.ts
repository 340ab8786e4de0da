import { PointwellError } from '../errors/pointwell-error.js'
import { readErrors } from '../errors/read-errors.js'

/** The server closes a socket with it when a token is no good, or has run out. */
const FORBIDDEN = 4403
/** By the protocol: we said something that is none, or a server that is none of ours answers. */
const FINAL = [4400, 4401, 4406, 4409, 4429]

/** Why a subscription ended, from what graphql-ws says. */
export function readEnd(reason: unknown): PointwellError {
  if (reason instanceof PointwellError) return reason
  const ofServer = readErrors(reason)
  if (ofServer) return ofServer
  const { code, reason: words } = (reason ?? {}) as { code?: unknown; reason?: unknown }
  if (typeof code !== 'number') return lost('The line broke.', reason)
  const message = `The socket was closed: ${code} ${words ?? ''}`.trim()
  if (code === FORBIDDEN) return new PointwellError({ code: 'UNAUTHENTICATED', message })
  if (FINAL.includes(code)) return new PointwellError({ code: 'CONNECTION_REFUSED', message })
  return lost(message, undefined)
}

function lost(message: string, cause: unknown): PointwellError {
  return new PointwellError({ code: 'CONNECTION_LOST', message, cause })
}
