import type { ApolloServerPlugin, HTTPGraphQLRequest } from '@apollo/server'
import { GraphQLError, type OperationDefinitionNode } from 'graphql'
import type { Logger } from 'pino'
import type { Documents } from '../documents/open-documents.js'
import { nameField } from '../faults/name-field.js'
import { isOwnFault } from '../faults/show-fault.js'
import type { GatewayContext } from '../gateway-context.js'
import type { OperationCheck } from '../limits/open-operation-check.js'
import type { Metrics } from '../metrics/open-metrics.js'
import type { RateGate } from '../rate/open-rate-gate.js'
import { begunOf } from './short-way.js'

/** What the gateway does at each stage of an operation over HTTP. */
export function gatewayPlugin({
  check,
  rate,
  documents,
  metrics,
  log,
}: {
  check: OperationCheck
  rate: RateGate
  documents: Pick<Documents, 'keep'>
  metrics: Metrics
  log: Logger
}): ApolloServerPlugin<GatewayContext> {
  return {
    async contextCreationDidFail({ error }) {
      log.error({ err: error }, 'the context of a request could not be made')
    },
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      const { requestId } = requestContext.contextValue
      log.error({ requestId, err: error }, 'a request could not be processed')
    },
    async requestDidStart({ contextValue }) {
      const begun = begunOf(contextValue)
      const startedAt = begun?.startedAt ?? performance.now()
      return {
        async validationDidStart({ document }) {
          return async (errors) => {
            for (const error of errors ?? []) nameField(error, document)
          }
        },
        async didResolveOperation({ document, source, request, operation, contextValue }) {
          // Whatever Apollo's types say: there is none when the document has none of that name.
          if (operation?.operation === 'subscription') throw notOverHttp(operation)
          try {
            if (begun) {
              if ('refusal' in begun.outcome) throw begun.outcome.refusal
              return
            }
            const { operationName, variables } = request
            const cost = check.assertOperation({ document, operationName, variables })
            rate.assertCost(contextValue.client, cost)
            documents.keep(source, document)
          } catch (error) {
            throw error instanceof GraphQLError ? asBadRequest(error) : error
          }
        },
        async didEncounterErrors({ errors, contextValue, operationName }) {
          for (const error of errors.filter(isOwnFault)) {
            const { requestId } = contextValue
            const fault = error.originalError ?? error
            log.error(
              { requestId, operation: operationName, path: error.path, err: fault },
              'fault',
            )
          }
        },
        async willSendResponse({ operationName, operation, errors, request, response }) {
          const isOfOperation = !errors?.some(({ extensions }) => extensions.code === 'BAD_REQUEST')
          if (
            response.http.status === 400 &&
            isOfOperation &&
            !asksForGraphqlResponse(request.http)
          ) {
            response.http.status = 200
          }
          const outcome = !errors?.length ? 'ok' : errors.some(isOwnFault) ? 'fault' : 'error'
          metrics.operationDone({
            name: operationName,
            kind: operation?.operation ?? 'none',
            transport: 'http',
            outcome,
            seconds: (performance.now() - startedAt) / 1_000,
          })
        },
      }
    },
  }
}

/** Over HTTP there is one answer; a subscription has many. */
function notOverHttp(operation: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(
    'A subscription goes over a WebSocket, with the graphql-transport-ws protocol.',
    { nodes: [operation], extensions: { code: 'BAD_REQUEST', http: { status: 400 } } },
  )
}

function asBadRequest(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    originalError: error.originalError,
    extensions: { http: { status: 400 }, ...error.extensions },
  })
}

/**
 * GraphQL over HTTP: a status other than 200 speaks of the operation only in an answer of the newer
 * type; in plain JSON it would be taken for a proxy's word.
 */
function asksForGraphqlResponse(http: HTTPGraphQLRequest | undefined): boolean {
  return http?.headers.get('accept')?.includes('application/graphql-response+json') ?? false
}
