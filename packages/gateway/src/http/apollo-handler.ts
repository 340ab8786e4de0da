import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayContext } from '../gateway-context.js'

/** Hands a request to Apollo Server and its answer back. */
export function apolloHandler(
  apollo: ApolloServer<GatewayContext>,
  contextOf: (request: FastifyRequest) => GatewayContext,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: headersOf(request),
        search: searchOf(request.url),
        body: request.body,
      },
      context: async () => contextOf(request),
    })
    // Parts of an answer are sent one after the other only for `@defer`, which graphql 16 does not have.
    if (body.kind !== 'complete') throw new Error('An answer in parts cannot be sent.')
    for (const [name, value] of headers) void reply.header(name, value)
    void reply.status(status ?? 200)
    return body.string
  }
}

function headersOf({ headers }: FastifyRequest): HTTPGraphQLRequest['headers'] {
  const map = new HeaderMap()
  for (const name in headers) {
    const value = headers[name]
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return map
}

function searchOf(url: string): string {
  const start = url.indexOf('?')
  return start === -1 ? '' : url.slice(start)
}
