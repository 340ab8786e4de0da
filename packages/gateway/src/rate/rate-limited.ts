import { HeaderMap } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { RequestFault } from '../http/request-fault.js'

const CODE = 'RATE_LIMITED'

/** For an operation: status 429 and `retry-after` over HTTP, and `retryAfter` in seconds everywhere. */
export function rateLimited(waitSeconds: number): GraphQLError {
  const headers = new HeaderMap([['retry-after', String(waitSeconds)]])
  return new GraphQLError(messageOf(waitSeconds), {
    extensions: { code: CODE, retryAfter: waitSeconds, http: { status: 429, headers } },
  })
}

/** The same for a request that is not looked at any further. */
export function requestRateLimited(waitSeconds: number): RequestFault {
  return new RequestFault(429, CODE, messageOf(waitSeconds), {
    headers: { 'retry-after': String(waitSeconds) },
    extensions: { retryAfter: waitSeconds },
  })
}

function messageOf(waitSeconds: number): string {
  return `Too much was asked for in a short time. Try again in ${waitSeconds} s.`
}
