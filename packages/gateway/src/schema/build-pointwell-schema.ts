import type { Class } from '@pointwell/plugin'
import type { GraphQLSchema } from 'graphql'
import { buildSchemaSync, getMetadataStorage, type NonEmptyArray } from 'type-graphql'
import { enforceAccess, findAccessFaults } from '../access/enforce-access.js'

/** A schema that must not be served; `faults` names every one of its faults. */
export class SchemaFault extends Error {
  override readonly name = 'SchemaFault'
  constructor(readonly faults: readonly string[]) {
    super(`The schema cannot be served:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

/**
 * The schema out of type-graphql resolver classes: the gateway's own, the programme's, and the
 * plugins'. Throws `SchemaFault` when two of them define the same root field, or when a root field
 * does not say who may use it (default deny).
 */
export function buildPointwellSchema({
  resolvers,
}: {
  resolvers: readonly Class[]
}): GraphQLSchema {
  const twice = findDoubleFields(resolvers)
  if (twice.length > 0) throw new SchemaFault(twice)
  const schema = buildSchemaSync({
    resolvers: resolvers as NonEmptyArray<Class>,
    validate: false,
    pubSub: NO_TOPICS,
  })
  const faults = findAccessFaults(schema).map(({ field, fault }) => `${field} ${fault}`)
  if (faults.length > 0) throw new SchemaFault(faults)
  enforceAccess(schema)
  return schema
}

/** Of two root fields with one name type-graphql would take the later without a word. */
function findDoubleFields(resolvers: readonly Class[]): string[] {
  const { queries, mutations, subscriptions } = getMetadataStorage()
  return [
    ...doublesOf('Query', queries),
    ...doublesOf('Mutation', mutations),
    ...doublesOf('Subscription', subscriptions),
  ]

  function doublesOf(
    type: string,
    handlers: readonly { schemaName: string; target: Class; methodName: string }[],
  ): string[] {
    const owners = new Map<string, string[]>()
    for (const { schemaName, target, methodName } of handlers) {
      if (!resolvers.includes(target)) continue
      owners.set(schemaName, [...(owners.get(schemaName) ?? []), `${target.name}.${methodName}`])
    }
    return [...owners]
      .filter(([, names]) => names.length > 1)
      .map(([field, names]) => `${type}.${field} is defined twice: ${names.join(' and ')}`)
  }
}

/** Topics would reach the subscribers of one server only; a subscription brings its own iterator. */
const NO_TOPICS = {
  publish(topic: string): never {
    throw new Error(
      `Nothing is published under topics (${topic}): subscriptions bring \`subscribe\`.`,
    )
  },
  subscribe(topic: string): never {
    throw new Error(
      `Nothing is published under topics (${topic}): subscriptions bring \`subscribe\`.`,
    )
  },
}
