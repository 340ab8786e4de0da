import { BalanceChangedResolver, buildPointwellSchema, SubgraphResolver } from '@pointwell/gateway'
import { LEDGER_REFUSALS } from '@pointwell/ledger'
import type { Class, Plugin } from '@pointwell/plugin'
import { assertPlugins } from '@pointwell/plugin/boot'
import { PROGRAM_REFUSALS, PROGRAM_RESOLVERS, registerProgramRefusals } from '@pointwell/program'
import type { GraphQLSchema } from 'graphql'

const CORE_RESOLVERS: readonly Class[] = [
  BalanceChangedResolver,
  SubgraphResolver,
  ...PROGRAM_RESOLVERS,
]

const schemas = new WeakMap<readonly Plugin[], GraphQLSchema>()

/** `buildSchema`, once for all servers of a process that run the same list of plugins: to build it takes
 * longer than the rest of a server's start. */
export function schemaOf(plugins: readonly Plugin[]): GraphQLSchema {
  const schema = schemas.get(plugins) ?? buildSchema(plugins)
  schemas.set(plugins, schema)
  return schema
}

/**
 * The schema of a server with these plugins. Throws `PluginBootError` with every fault of every
 * plugin (G3), `SchemaFault` when a root field is open to nobody or defined twice.
 */
export function buildSchema(
  plugins: readonly Plugin[],
  settings: Readonly<Record<string, unknown>> = {},
): GraphQLSchema {
  assertPlugins(plugins, {
    settings,
    core: {
      resolvers: CORE_RESOLVERS,
      refusals: [...LEDGER_REFUSALS, ...Object.keys(PROGRAM_REFUSALS)],
    },
  })
  registerProgramRefusals(plugins)
  const own = plugins.flatMap(({ resolvers = [] }) => resolvers)
  return buildPointwellSchema({ resolvers: [...CORE_RESOLVERS, ...own] })
}
