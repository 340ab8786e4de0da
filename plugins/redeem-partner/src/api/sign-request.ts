import { createHmac } from 'node:crypto'

/**
 * The headers that tell a partner who is asking: the time in seconds, and an HMAC-SHA256 over time,
 * method, path and body, with a full stop between, as hex. Signed with what only the two know.
 */
export function signRequest({
  secret,
  method,
  path,
  body,
  now,
}: {
  readonly secret: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body: string
  /** Epoch milliseconds. */
  readonly now: number
}): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1_000))
  const signature = createHmac('sha256', secret)
    .update([timestamp, method, path, body].join('.'))
    .digest('hex')
  return { 'pointwell-timestamp': timestamp, 'pointwell-signature': `v1=${signature}` }
}
