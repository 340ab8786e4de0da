import {
  type KnownOperation,
  type Limits,
  meterLedger,
  openGateway,
  openMetrics,
  openRedisNews,
  openTokenVerifier,
  type Rates,
  systemTimers,
  type Timers,
  type TokenSettings,
} from '@pointwell/gateway'
import { type Database, type Ledger, openLedger, openSqlStore } from '@pointwell/ledger'
import type { Plugin } from '@pointwell/plugin'
import {
  getProgrammeId,
  openProgram,
  openProgramContext,
  type Program,
  programNotices,
} from '@pointwell/program'
import { type Logger, pino } from 'pino'
import { Registry } from 'prom-client'
import { ownOperations } from '../known-operations/own-operations.js'
import shipped from '../pointwell.config.js'
import { assertNonePending } from './assert-none-pending.js'
import { schemaOf } from './build-schema.js'
import { openServerDatabase } from './open-server-database.js'

export interface ServerOptions {
  readonly databaseUrl: string
  /** How tokens are checked: exactly one of `secret` and `jwksUrl`. */
  readonly tokens: Omit<TokenSettings, 'now'>
  /** Default: the plugins that come with the server. */
  readonly plugins?: readonly Plugin[]
  readonly host?: string
  /** 0 (the default) takes a free one. */
  readonly port?: number
  /** Epoch milliseconds; default the machine's clock. */
  readonly clock?: () => number
  readonly timers?: Timers
  readonly log?: Logger
  /** Bring the schema of the database up to date first; default yes. */
  readonly migrate?: boolean
  /** Whether jobs run by themselves; default yes. */
  readonly jobs?: boolean
  readonly introspection?: boolean
  readonly graphiql?: boolean
  readonly limits?: Partial<Limits>
  /** What one client may ask for in a minute, by who it is. */
  readonly rates?: Partial<Rates>
  /** When given, these operations and those of the command line are answered, and no others. */
  readonly knownOperations?: readonly KnownOperation[]
  readonly metricsToken?: string
  readonly trustProxy?: boolean | string
  readonly databasePool?: number
  /** SQLite: whether a commit waits for the disk; default yes. */
  readonly durable?: boolean
  readonly pollMs?: number
  /** Where servers of one database tell each other of changes: `redis://HOST:PORT`. */
  readonly redisUrl?: string
  /** The policy of an empty store. */
  readonly firstPolicy?: unknown
  /** Runs when everything is open and before the first request, with jobs still at rest. */
  readonly beforeListen?: (parts: ServerParts) => Promise<void>
}

export interface ServerParts {
  readonly program: Program
  readonly ledger: Ledger
  readonly database: Database
}

export interface Server extends ServerParts {
  /** Where it listens: `http://127.0.0.1:4000`. */
  readonly url: string
  /** Takes nothing new, finishes what was accepted, for `timeoutMs` (default 10 s) at most. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** Puts a server together and lets it listen. What was opened is closed again when a step fails. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { plugins = shipped.plugins, clock = Date.now, log = pino({ level: 'silent' }) } = options
  const schema = schemaOf(plugins)
  const opened: { close(): Promise<unknown> }[] = []
  const closeAll = async () => {
    for (const it of opened.splice(0).reverse()) await it.close()
  }
  try {
    const database = await openServerDatabase({
      url: options.databaseUrl,
      plugins,
      logger: log,
      poolSize: options.databasePool,
      durable: options.durable,
    })
    opened.push(database)
    await prepareSchema(database, options.migrate ?? true)

    const registry = new Registry()
    const store = openSqlStore(database)
    const notices = programNotices(plugins)
    const ledger = meterLedger(openLedger({ store, clock, notices }), registry)
    opened.push(ledger)
    const program = await openProgram({
      database,
      ledger,
      plugins,
      pollMs: options.pollMs,
      ...(options.firstPolicy !== undefined && { firstPolicy: options.firstPolicy }),
      onPluginFault: (fault) =>
        log[fault.reason === 'slow' ? 'warn' : 'error']({ err: fault }, 'a plugin failed'),
      onPluginCutOff: ({ plugin, operation }, until) =>
        until === null
          ? log.warn({ plugin, operation }, 'a plugin is called again')
          : log.error(
              { plugin, operation, until: new Date(until).toISOString() },
              'a plugin failed too often and is cut off',
            ),
      onFailure: (what, err) => log.error({ err, what }, 'work in the background failed'),
    })
    opened.push(program)
    await options.beforeListen?.({ program, ledger, database })
    const news =
      options.redisUrl === undefined
        ? undefined
        : openRedisNews({
            url: options.redisUrl,
            databaseId: await getProgrammeId(database),
            timers: options.timers ?? systemTimers,
            log,
          })
    if (news) opened.push(news)

    const gateway = await openGateway({
      schema,
      verifier: openTokenVerifier({ ...options.tokens, now: clock }),
      openContext: (facts) => openProgramContext(program, facts),
      ledger,
      log,
      metrics: openMetrics(registry),
      now: clock,
      ...(options.timers && { timers: options.timers }),
      ...(options.limits && { limits: options.limits }),
      ...(options.rates && { rates: options.rates }),
      ...(options.knownOperations && {
        knownOperations: [...options.knownOperations, ...ownOperations(schema)],
      }),
      introspection: options.introspection ?? false,
      graphiql: options.graphiql ?? false,
      readiness: { database: () => database.pendingMigrations().then(assertNonePending) },
      metricsToken: options.metricsToken,
      trustProxy: options.trustProxy,
      pollMs: options.pollMs,
      ...(news && { news }),
    })
    const url = await gateway.listen({
      host: options.host ?? '127.0.0.1',
      port: options.port ?? 0,
    })
    if (options.jobs ?? true) program.start()
    let closing: Promise<void> | undefined
    return {
      url,
      program,
      ledger,
      database,
      close(terms) {
        // The door first: what came in before is finished by what stands behind it.
        closing ??= gateway.close(terms).then(closeAll)
        return closing
      },
    }
  } catch (fault) {
    await closeAll()
    throw fault
  }
}

async function prepareSchema(database: Database, migrate: boolean): Promise<void> {
  if (migrate) await database.migrate()
  else assertNonePending(await database.pendingMigrations())
}
