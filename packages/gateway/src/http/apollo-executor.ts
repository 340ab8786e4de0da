import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import type { Executor } from '../execution/open-executor.js'
import type { GatewayContext } from '../gateway-context.js'
import { begunOf } from './short-way.js'

/**
 * Lets Apollo Server run operations by another executor than graphql's. The one door it has for that is
 * made for gateways to other servers: the schema comes through it, and what is run.
 */
export function apolloExecutor(
  schema: GraphQLSchema,
  execute: Executor,
): ApolloServerOptionsWithGateway<never>['gateway'] {
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => {}
    },
    async load() {
      return {
        async executor({ document, request, context }) {
          const { outcome } = begunOf(context as GatewayContext) ?? {}
          if (outcome && 'result' in outcome) return outcome.result
          if (outcome && 'fault' in outcome) throw outcome.fault
          const { operationName, variables } = request
          return execute({
            document,
            operationName,
            variableValues: variables,
            contextValue: context,
          })
        },
      }
    },
    async stop() {},
  }
}
