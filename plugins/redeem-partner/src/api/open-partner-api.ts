import type { Partner } from '../partner/partner.js'
import { type PartnerAnswer, readPartnerAnswer } from './partner-answer.js'
import { findSecret, isAllowedUrl, readApiUrl } from './partner-environment.js'
import { signRequest } from './sign-request.js'

/** More than any answer has; what is longer is not read. */
const MAX_BODY_BYTES = 65_536

/** A partner's API, asked about one order. Never rejects: what goes wrong is `unknown`. */
export interface PartnerApi {
  /** Wants it given. With the same key again the partner gives it once. */
  order(what: { readonly product: string; readonly offerId: string }): Promise<PartnerAnswer>
  /** Asks what became of it. */
  look(): Promise<PartnerAnswer>
  /** Wants it taken back. */
  cancel(): Promise<PartnerAnswer>
}

/** Undefined where the partner has no API that this server may speak to, or no secret to sign with. */
export function openPartnerApi(
  { apiUrl, secretName }: Pick<Partner, 'apiUrl' | 'secretName'>,
  call: {
    /** The order's key: the redemption's id. */
    readonly key: string
    readonly requestMs: number
    readonly now: number
    readonly signal: AbortSignal
  },
): PartnerApi | undefined {
  const base = apiUrl !== null && isAllowedUrl(apiUrl) ? readApiUrl(apiUrl) : undefined
  const secret = secretName === null ? undefined : findSecret(secretName)
  if (!base || !secret) return undefined
  const root = base.pathname.replace(/\/$/, '')
  const send = async (method: 'GET' | 'POST', path: string, content?: object) => {
    const body = content ? JSON.stringify(content) : ''
    const url = new URL(`${root}${path}`, base)
    const signed = signRequest({ secret, method, path: url.pathname, body, now: call.now })
    try {
      const response = await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          'idempotency-key': call.key,
          ...signed,
          ...(content && { 'content-type': 'application/json' }),
        },
        ...(content && { body }),
        // Where it points to, nobody allowed.
        redirect: 'manual',
        signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.requestMs)]),
      })
      return readPartnerAnswer(response.status, await readBody(response))
    } catch (fault) {
      return { is: 'unknown', detail: `no answer: ${reasonOf(fault)}` } as const
    }
  }
  const order = `/orders/${encodeURIComponent(call.key)}`
  return {
    order: ({ product, offerId }) =>
      send('POST', '/orders', { order: call.key, product, offer: offerId, quantity: 1 }),
    look: () => send('GET', order),
    cancel: () => send('POST', `${order}/cancel`, { order: call.key }),
  }
}

async function readBody(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop ends the connection.
  for await (const part of response.body ?? []) {
    bytes += part.byteLength
    if (bytes > MAX_BODY_BYTES) throw new Error('the body is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault)
  const { cause } = fault
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return `${fault.message}${code}`.slice(0, 200)
}
