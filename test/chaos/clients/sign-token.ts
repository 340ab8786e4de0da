import { createHmac } from 'node:crypto'

const HOUR_S = 3_600

/** A token as anybody's login would make it (HS256); of the clients' own, as they share nothing with
 * the server but what its documentation says. */
export function signToken(secret: string, claims: Readonly<Record<string, unknown>>): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
  const exp = Math.floor(Date.now() / 1_000) + 12 * HOUR_S
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, exp })}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
