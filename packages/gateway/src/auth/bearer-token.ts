import { InvalidToken } from './open-token-verifier.js'

/** The token of an `authorization` header, undefined without one. Throws `InvalidToken`. */
export function bearerToken(header: unknown): string | undefined {
  if (header === undefined || header === null || header === '') return undefined
  const [, token] = typeof header === 'string' ? (/^Bearer +([^\s]+) *$/i.exec(header) ?? []) : []
  if (token === undefined) throw new InvalidToken('Send the token as `Bearer <token>`.')
  return token
}
