import { type Logger, pino } from 'pino'
import type { Env } from '../env/read-env.js'
import { readKnownOperations } from '../known-operations/read-known-operations.js'
import { loadConfig } from './load-config.js'
import type { ServerOptions } from './start-server.js'

/** What the environment says, as options of a server. */
export async function readServerOptions(env: Env): Promise<ServerOptions & { log: Logger }> {
  const { plugins } = await loadConfig(env.configPath)
  return {
    plugins,
    databaseUrl: env.databaseUrl,
    databasePool: env.databasePool,
    tokens: {
      secret: env.jwtSecret,
      jwksUrl: env.jwksUrl,
      issuer: env.jwtIssuer,
      audience: env.jwtAudience,
    },
    host: env.host,
    port: env.port,
    log: openLog(env),
    migrate: env.migrate,
    introspection: env.introspection,
    rates: env.rates,
    ...(env.knownOperationsPath !== undefined && {
      knownOperations: await readKnownOperations(env.knownOperationsPath),
    }),
    graphiql: !env.production,
    metricsToken: env.metricsToken,
    trustProxy: env.trustProxy,
    redisUrl: env.redisUrl,
    pollMs: env.pollMs,
  }
}

/** JSON lines on stderr, so that what a command prints stays clean. */
function openLog({ logLevel }: Pick<Env, 'logLevel'>): Logger {
  return pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: false }))
}
