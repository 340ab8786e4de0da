import type { KnownOperation } from '@pointwell/gateway'
import { type GraphQLSchema, parse, validate } from 'graphql'
import { operations } from '../import/api-operations.js'
import { POLICY_DOCUMENT } from '../import/apply-policy.js'
import { BALANCE_DOCUMENTS } from '../import/read-balances.js'

/** What the command line says to a server: known to each, so that an operator is not locked out. A
 * server without the plugin that one of them is about does without it. */
export function ownOperations(schema: GraphQLSchema): KnownOperation[] {
  return [
    ...Object.values(operations).map(({ document }) => document),
    POLICY_DOCUMENT,
    ...BALANCE_DOCUMENTS,
  ]
    .filter((text) => validate(schema, parse(text)).length === 0)
    .map((text) => ({ text, from: 'the command line' }))
}
