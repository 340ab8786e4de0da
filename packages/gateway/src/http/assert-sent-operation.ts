import type { FastifyRequest } from 'fastify'
import type { PersistedOperations } from '../persisted/open-persisted-operations.js'
import { RequestFault } from './request-fault.js'

/**
 * Turns away what may not be run whatever it says: an unknown operation where only known ones are, a hash
 * that is not the text's. Reads an address as Apollo Server does, so that both see the same. Throws
 * `RequestFault`.
 */
export function assertSentOperation(request: FastifyRequest, persisted: PersistedOperations): void {
  const fault = persisted.checkSent(request.method === 'POST' ? bodyOf(request) : searchOf(request))
  if (fault) throw new RequestFault(400, fault.code, fault.message)
}

function bodyOf({ body }: FastifyRequest): { query?: unknown; extensions?: unknown } {
  return typeof body === 'object' && body !== null ? body : {}
}

function searchOf({ url }: FastifyRequest): { query?: unknown; extensions?: unknown } {
  const start = url.indexOf('?')
  const parameters = new URLSearchParams(start === -1 ? '' : url.slice(start))
  const extensions = parameters.get('extensions')
  return {
    query: parameters.get('query') ?? undefined,
    extensions: extensions === null ? undefined : parsed(extensions),
  }
}

/** What is no JSON Apollo Server refuses in its own words. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
