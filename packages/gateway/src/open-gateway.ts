import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import websocket from '@fastify/websocket'
import type { Language, Viewer } from '@pointwell/plugin'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { handleProtocols } from 'graphql-ws'
import type { Logger } from 'pino'
import { actingFor } from './auth/acting-for.js'
import { findViewer } from './auth/find-viewer.js'
import { languageOf } from './auth/language-of.js'
import type { TokenVerifier } from './auth/open-token-verifier.js'
import { systemTimers, type Timers } from './clock/timers.js'
import { openDocuments } from './documents/open-documents.js'
import { openExecutor } from './execution/open-executor.js'
import { showFault } from './faults/show-fault.js'
import { openWalletFeed, type WalletFeedOptions } from './feed/wallet-feed.js'
import type { GatewayContext, OpenContext } from './gateway-context.js'
import { findGraphiqlAsset, GRAPHIQL_PAGE } from './graphiql/graphiql-page.js'
import { checkReadiness, type ReadinessChecks } from './health/readiness.js'
import { answerFaults } from './http/answer-faults.js'
import { apolloExecutor } from './http/apollo-executor.js'
import { apolloHandler } from './http/apollo-handler.js'
import { apolloPersistedQueries } from './http/apollo-persisted-queries.js'
import { assertSentOperation } from './http/assert-sent-operation.js'
import { gatewayPlugin } from './http/gateway-plugin.js'
import { readJsonBodies } from './http/read-json-bodies.js'
import { faultAnswer, RequestFault } from './http/request-fault.js'
import { openShortWay } from './http/short-way.js'
import { limitShape } from './limits/limit-shape.js'
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js'
import { openOperationCheck } from './limits/open-operation-check.js'
import { validationOptions } from './limits/validation-rules.js'
import type { Metrics } from './metrics/open-metrics.js'
import type { ChangeNews } from './news/change-news.js'
import { type KnownOperation, openKnownOperations } from './persisted/known-operations.js'
import { openPersistedOperations } from './persisted/open-persisted-operations.js'
import { addressOf, type Client, clientOf } from './rate/client-of.js'
import { openRateGate } from './rate/open-rate-gate.js'
import { DEFAULT_RATES, type Rates } from './rate/rates.js'
import { openSockets } from './socket/open-sockets.js'
import { executeInWaves } from './waves/execute-in-waves.js'

export interface GatewayOptions {
  /** Made by `buildPointwellSchema`. */
  readonly schema: GraphQLSchema
  readonly verifier: TokenVerifier
  readonly openContext: OpenContext
  readonly ledger: WalletFeedOptions['ledger']
  readonly log: Logger
  readonly metrics: Metrics
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly timers?: Timers
  readonly limits?: Partial<Limits>
  /** What one client may ask for in a minute, by who it is. */
  readonly rates?: Partial<Rates>
  /** When given, these and no others are answered. */
  readonly knownOperations?: readonly KnownOperation[]
  /** Whether the schema may be asked for; default no. */
  readonly introspection?: boolean
  /** Whether GraphiQL is served at `/graphiql`; default no. */
  readonly graphiql?: boolean
  /** What must hold for `/readyz`, besides not shutting down. */
  readonly readiness?: ReadinessChecks
  /** When given, `/metrics` wants it as a bearer token. */
  readonly metricsToken?: string
  /** Proxies in front whose `x-forwarded-…` headers are believed, as Fastify takes them. */
  readonly trustProxy?: boolean | string
  /** How often changes that another server wrote are looked for; default 250. */
  readonly pollMs?: number
  /** Tells other servers of changes and hears of theirs; the caller closes it. */
  readonly news?: ChangeNews
}

export interface Gateway {
  /** Begins to listen; port 0 takes a free one. Answers with the address: `http://127.0.0.1:4000`. */
  listen(address: { host: string; port: number }): Promise<string>
  /** Takes nothing new, ends subscriptions, finishes what is under way, for `timeoutMs` at most. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    viewer: Viewer
  }
}

/**
 * The front door: GraphQL over HTTP and WebSocket, health, metrics. Throws `KnownOperationFault` when a
 * known operation cannot be run.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { schema, verifier, log, metrics, now, news, timers = systemTimers } = options
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
  const introspection = options.introspection ?? false
  const walletFeed = openWalletFeed({
    ledger: options.ledger,
    timers,
    pollMs: options.pollMs,
    news,
    // Without its statement, which names every wallet that is watched.
    onFault: (fault) =>
      log.warn(
        { reason: fault instanceof Error ? fault.stack : String(fault) },
        'looking for changes failed; it is tried again until it succeeds',
      ),
  })
  metrics.watchFeed(walletFeed)
  if (news) metrics.watchNews(news)

  const openContext = (request: {
    requestId: string
    viewer: Viewer
    client: Client
    language: Language
    address: string
  }): GatewayContext =>
    options.openContext({
      ...request,
      now,
      walletFeed,
      actingFor: (memberId) => actingFor(request.viewer, memberId),
    })

  const check = openOperationCheck({ schema, limits })
  const rate = openRateGate({ rates: { ...DEFAULT_RATES, ...options.rates }, metrics, now })
  const persisted = openPersistedOperations(
    options.knownOperations &&
      openKnownOperations(options.knownOperations, { schema, limits, introspection }),
  )
  const execute = executeInWaves(openExecutor(schema))
  const documents = openDocuments({ schema, limits, introspection })
  const shortWay = openShortWay({ documents, persisted, check, rate, execute, metrics })
  const sockets = openSockets({
    schema,
    execute,
    documents,
    verifier,
    limits,
    check,
    persisted,
    rate,
    introspection,
    timers,
    log,
    metrics,
    now,
    openContext,
  })
  const apollo = new ApolloServer<GatewayContext>({
    gateway: apolloExecutor(schema, execute),
    introspection,
    validationRules: [limitShape(limits)],
    validationOptions: validationOptions({ introspection }),
    parseOptions: { maxTokens: limits.tokens },
    persistedQueries: apolloPersistedQueries(persisted),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => showFault(formatted, error, { introspection }),
    logger: log,
    plugins: [
      ApolloServerPluginLandingPageDisabled() as ApolloServerPlugin<GatewayContext>,
      // It would look at every field of every answer, to say what `onSend` says of all of them.
      ApolloServerPluginCacheControlDisabled() as ApolloServerPlugin<GatewayContext>,
      // By a header whoever asks would have it put a hook before every field, for all and for good.
      ApolloServerPluginInlineTraceDisabled() as ApolloServerPlugin<GatewayContext>,
      // With APOLLO_KEY in the environment it would tell a service of Apollo's who asks what.
      ApolloServerPluginUsageReportingDisabled() as ApolloServerPlugin<GatewayContext>,
      ApolloServerPluginSchemaReportingDisabled() as ApolloServerPlugin<GatewayContext>,
      gatewayPlugin({ check, rate, documents, metrics, log }),
    ],
  })
  await apollo.start()

  let closing: Promise<void> | undefined
  const app: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    trustProxy: options.trustProxy ?? false,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
  })
  app.decorateRequest('viewer')
  answerFaults(app)
  readJsonBodies(app)
  logRequests(app, { log, metrics, isClosing: () => closing !== undefined })
  await app.register(websocket, {
    options: { maxPayload: limits.bodyBytes, handleProtocols, perMessageDeflate: false },
    errorHandler(error, socket, request) {
      // What a client breaks off or sends wrong is its own affair, and fills nobody's log.
      const isOfClient = /^(WS_ERR_|E[A-Z]+$)/.test((error as { code?: string }).code ?? '')
      request.log[isOfClient ? 'debug' : 'error']({ err: error }, 'socket error')
      socket.terminate()
    },
  })

  const answer = apolloHandler(apollo, shortWay, (request) =>
    openContext({
      requestId: request.id,
      viewer: request.viewer,
      client: clientOf(request.viewer, request.ip),
      language: languageOfRequest(request),
      address: addressOf(request.ip),
    }),
  )
  const running = new Set<Promise<string>>()
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const answered = answer(request, reply).finally(() => running.delete(answered))
    running.add(answered)
    return answered
  }
  const onRequest = async (request: FastifyRequest) => {
    if (request.ws) return
    request.viewer = await rate.admit(request.ip, () =>
      findViewer(verifier, request.headers.authorization),
    )
  }
  const preHandler = (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
    assertQueryLength(request, limits)
    assertSentOperation(request, persisted)
    done()
  }
  app.route({
    method: 'GET',
    url: '/graphql',
    onRequest,
    preHandler,
    handler,
    wsHandler: (socket, request) => sockets.accept(socket, request),
  })
  app.route({ method: 'POST', url: '/graphql', onRequest, preHandler, handler })
  serveOperations(app)
  if (options.graphiql) serveGraphiql(app)

  return {
    async listen({ host, port }) {
      await app.listen({ host, port })
      return urlOf(app.server.address() as AddressInfo)
    },
    close({ timeoutMs = 10_000 } = {}) {
      closing ??= shutDown(timeoutMs)
      return closing
    },
  }

  async function shutDown(timeoutMs: number): Promise<void> {
    sockets.close()
    walletFeed.close()
    const cancel = timers.after(timeoutMs, () => {
      log.warn({ timeoutMs }, 'requests were still under way; they were cut off')
      app.server.closeAllConnections()
    })
    await app.close()
    cancel()
    // What was cut off still runs, and may be handed to Apollo Server, which then has to be there.
    const stopped = Promise.allSettled(running).then(() => apollo.stop())
    if (running.size === 0) await stopped
  }

  function serveOperations(app: FastifyInstance): void {
    app.get('/healthz', async () => ({ status: 'ok' }))
    app.get('/readyz', async (_request, reply) => {
      const { ready, checks } = await checkReadiness({
        checks: options.readiness ?? {},
        timers,
        onFault: (name, err) => log.warn({ err, check: name }, 'not ready'),
      })
      const isReady = ready && closing === undefined
      void reply.status(isReady ? 200 : 503)
      return {
        status: isReady ? 'ready' : 'not ready',
        checks: {
          ...checks,
          accepting: closing === undefined ? 'ok' : 'shutting down',
          // Without it a server is slower at one thing, and no worse than that.
          ...(news && { news: news.isLive() ? 'ok' : 'away' }),
        },
      }
    })
    app.get('/metrics', async (request, reply) => {
      const { metricsToken } = options
      if (metricsToken !== undefined && !isSame(request.headers.authorization, metricsToken)) {
        throw new RequestFault(401, 'UNAUTHENTICATED', 'This needs the token for metrics.')
      }
      void reply.type(metrics.contentType)
      return metrics.text()
    })
  }
}

function serveGraphiql(app: FastifyInstance): void {
  app.get('/graphiql', async (_request, reply) => {
    void reply.type('text/html; charset=utf-8')
    return GRAPHIQL_PAGE
  })
  app.get<{ Params: { name: string } }>('/graphiql/:name', async (request, reply) => {
    const asset = await findGraphiqlAsset(request.params.name)
    if (!asset) return reply.status(404).send(faultAnswer('NOT_FOUND', 'There is nothing here.'))
    return reply.type(asset.type).header('cache-control', 'max-age=86400').send(asset.body)
  })
}

/** One line a request, without its texts: an operation's variables are nobody's business. */
function logRequests(
  app: FastifyInstance,
  { log, metrics, isClosing }: { log: Logger; metrics: Metrics; isClosing: () => boolean },
): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('x-request-id', request.id)
    void reply.header('x-content-type-options', 'nosniff')
    // What a member has is nobody else's; assets say for themselves how long they keep.
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
    // A connection that was busy when the closing began is not kept for another request.
    if (isClosing()) void reply.header('connection', 'close')
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    const { statusCode: status, elapsedTime } = reply
    metrics.requestDone({ method: request.method, route, status, seconds: elapsedTime / 1_000 })
    const { kind, ...rest } = request.viewer ?? { kind: 'anonymous' }
    const isMember = kind === 'member' || kind === 'anonymous'
    log[route === '/graphql' ? 'info' : 'debug'](
      {
        requestId: request.id,
        method: request.method,
        route,
        status,
        ms: Math.round(elapsedTime * 10) / 10,
        viewer: kind,
        ...(!isMember && 'subject' in rest && { subject: rest.subject }),
      },
      'request',
    )
    done()
  })
}

function assertQueryLength(request: FastifyRequest, { queryCharacters }: Limits): void {
  for (const part of [request.body, request.query]) {
    const query =
      typeof part === 'object' && part !== null && 'query' in part ? part.query : undefined
    if (typeof query === 'string' && query.length > queryCharacters) {
      throw new RequestFault(
        400,
        'LIMIT_EXCEEDED',
        `The operation is longer than ${queryCharacters} characters.`,
      )
    }
  }
}

function languageOfRequest(request: FastifyRequest): Language {
  const { language } = request.query as { language?: unknown }
  return languageOf({ asked: language, accepted: request.headers['accept-language'] })
}

function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/** Compared in a time that says nothing about how much of it was right. */
function isSame(authorization: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(authorization ?? ''), hash(`Bearer ${token}`))
}

function urlOf({ address, family, port }: AddressInfo): string {
  const anywhere = address === '0.0.0.0' || address === '::'
  const host = anywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return `http://${host}:${port}`
}
