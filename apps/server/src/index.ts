import shipped from './pointwell.config.js'

export { signToken } from '@pointwell/gateway'
export { runCommandLine } from './cli/run-command-line.js'
export { SchemaOutOfDate } from './compose/assert-none-pending.js'
export { buildSchema } from './compose/build-schema.js'
export { loadConfig } from './compose/load-config.js'
export { openServerDatabase, serverMigrations } from './compose/open-server-database.js'
export {
  type Server,
  type ServerOptions,
  type ServerParts,
  startServer,
} from './compose/start-server.js'
export { makeDemo, openDemoClock } from './demo/make-demo.js'
export { DEMO_SECRET, type Env, EnvFault, readEnv } from './env/read-env.js'
export { type ApplyPolicyOptions, applyPolicy, type PolicyApplied } from './import/apply-policy.js'
export { type ImportOptions, type ImportOutcome, importOrders } from './import/import-orders.js'
export type { ImportSummary } from './import/import-summary.js'
export {
  type Exported,
  type ExportFiles,
  type ExportSource,
  exportHoldings,
  exportPaths,
} from './opening/export-holdings.js'
export {
  importOpenings,
  type OpeningFileToImport,
  type OpeningImportOptions,
  type OpeningOutcome,
} from './opening/import-openings.js'

/** The plugins that come with the server, for a configuration file that lists more. */
export const shippedPlugins = shipped.plugins
