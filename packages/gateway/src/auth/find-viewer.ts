import type { Viewer } from '@pointwell/plugin'
import { RequestFault } from '../http/request-fault.js'
import { bearerToken } from './bearer-token.js'
import { InvalidToken, KeysUnavailable, type TokenVerifier } from './open-token-verifier.js'

/**
 * Who sent a request: nobody known without a token. A token that is no good is refused outright, also
 * for what anyone may see: whoever sends one means to be known. Throws `RequestFault` 401 or 503.
 */
export async function findViewer(verifier: TokenVerifier, authorization: unknown): Promise<Viewer> {
  try {
    const token = bearerToken(authorization)
    return token === undefined ? { kind: 'anonymous' } : await verifier.verify(token)
  } catch (error) {
    if (error instanceof InvalidToken) {
      throw new RequestFault(401, 'UNAUTHENTICATED', error.message)
    }
    if (error instanceof KeysUnavailable) {
      throw new RequestFault(503, 'SERVICE_UNAVAILABLE', 'Tokens cannot be checked just now.')
    }
    throw error
  }
}
