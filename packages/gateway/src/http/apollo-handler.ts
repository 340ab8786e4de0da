import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayContext } from '../gateway-context.js'
import type { ShortWay } from './short-way.js'

/** Answers by the short way, and where there is none hands a request to Apollo Server and its answer back. */
export function apolloHandler(
  apollo: ApolloServer<GatewayContext>,
  shortWay: ShortWay,
  contextOf: (request: FastifyRequest) => GatewayContext,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const short = await shortWay.answer(request, () => contextOf(request))
    if (short && 'text' in short) {
      void reply.header('content-type', short.contentType)
      return short.text
    }
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: headersOf(request),
        search: searchOf(request.url),
        body: short?.body ?? request.body,
      },
      context: async () => short?.context ?? contextOf(request),
    })
    // Parts of an answer are sent one after the other only for `@defer`, which graphql 16 does not have.
    if (body.kind !== 'complete') throw new Error('An answer in parts cannot be sent.')
    for (const [name, value] of headers) void reply.header(name, value)
    void reply.status(status ?? 200)
    if (reply.statusCode === 200) {
      shortWay.keepContentType(request.headers.accept, headers.get('content-type'))
    }
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
