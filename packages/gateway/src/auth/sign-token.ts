import type { OperatorRole, Viewer } from '@pointwell/plugin'
import { SignJWT } from 'jose'

export interface TokenTerms {
  /** What the server checks tokens with. */
  readonly secret: string
  readonly kind: Exclude<Viewer['kind'], 'anonymous'>
  readonly subject: string
  /** Of an operator. */
  readonly roles?: readonly OperatorRole[]
  /** Epoch milliseconds. */
  readonly expiresAt: number
  readonly issuer?: string
  readonly audience?: string
}

/** A token that a server with the same secret takes (HS256). For the command line and for tests: in
 * real use whoever logs people in issues them. */
export function signToken(terms: TokenTerms): Promise<string> {
  const { secret, kind, subject, roles, expiresAt, issuer, audience } = terms
  const token = new SignJWT(kind === 'operator' ? { role: kind, roles } : { role: kind })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setExpirationTime(Math.floor(expiresAt / 1_000))
  if (issuer !== undefined) token.setIssuer(issuer)
  if (audience !== undefined) token.setAudience(audience)
  return token.sign(new TextEncoder().encode(secret))
}
