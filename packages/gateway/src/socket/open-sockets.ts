import { unauthenticated } from '@pointwell/ledger/graphql'
import type { Language, Viewer } from '@pointwell/plugin'
import type { FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { type Context, makeServer } from 'graphql-ws'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import { findViewer } from '../auth/find-viewer.js'
import { languageOf } from '../auth/language-of.js'
import type { TokenVerifier } from '../auth/open-token-verifier.js'
import type { Timers } from '../clock/timers.js'
import type { Documents } from '../documents/open-documents.js'
import type { Executor } from '../execution/open-executor.js'
import type { GatewayContext } from '../gateway-context.js'
import { RequestFault } from '../http/request-fault.js'
import { limitExceeded } from '../limits/limit-exceeded.js'
import type { Limits } from '../limits/limits.js'
import type { OperationCheck } from '../limits/open-operation-check.js'
import type { Metrics } from '../metrics/open-metrics.js'
import type { PersistedOperations } from '../persisted/open-persisted-operations.js'
import { addressOf, type Client, clientOf } from '../rate/client-of.js'
import type { RateGate } from '../rate/open-rate-gate.js'
import { closeSocket, type SocketClosing } from './close-socket.js'
import { runOperation } from './run-operation.js'
import { SocketWriter } from './socket-writer.js'

export interface SocketsOptions {
  readonly schema: GraphQLSchema
  readonly execute: Executor
  readonly documents: Documents
  readonly verifier: TokenVerifier
  readonly limits: Limits
  readonly check: OperationCheck
  readonly persisted: PersistedOperations
  readonly rate: RateGate
  readonly introspection: boolean
  readonly timers: Timers
  readonly log: Logger
  readonly metrics: Metrics
  now(): number
  openContext(request: {
    requestId: string
    viewer: Viewer
    client: Client
    language: Language
    address: string
  }): GatewayContext
}

/** All sockets of this server. */
export interface Sockets {
  accept(socket: WebSocket, request: FastifyRequest): void
  /** Ends every subscription and says goodbye to every client. */
  close(): void
}

/** How often a client is asked whether it is still there; one that does not answer is gone. */
const PING_MS = 12_000

interface Connection {
  readonly socket: WebSocket
  readonly request: FastifyRequest
  viewer: Viewer
  language: Language
  closing: SocketClosing | undefined
  end: (closing: SocketClosing) => void
}
type SocketContext = Context<Record<string, unknown>, Connection>

/** Subscriptions (and, as the protocol has it, any operation) over WebSocket by graphql-ws. */
export function openSockets(options: SocketsOptions): Sockets {
  const { verifier, limits, rate, timers, log, metrics, now } = options
  const open = new Set<Connection>()

  const server = makeServer<Record<string, unknown>, Connection>({
    async onConnect(context) {
      await greet(context)
    },
    async onSubscribe(context, id, payload) {
      const { extra: connection } = context
      // Timers may be late; nothing is begun for a token that has run out.
      if (hasRunOut(connection.viewer)) {
        connection.end('expired')
        return [unauthenticated('The token has run out.')]
      }
      if (Object.keys(context.subscriptions).length > limits.subscriptions) {
        return [
          limitExceeded(
            'subscriptions',
            `More than ${limits.subscriptions} operations at a time on one socket.`,
          ),
        ]
      }
      const { viewer, language, request } = connection
      const client = clientOf(viewer, request.ip)
      const limited = rate.checkOperation(client)
      if (limited) return [limited]
      return runOperation.prepare({
        ...options,
        payload,
        assertRate: (cost) => rate.assertCost(client, cost),
        requestId: `${request.id}:${id}`,
        openContext: (requestId) =>
          options.openContext({
            requestId,
            viewer,
            client,
            language,
            address: addressOf(request.ip),
          }),
      })
    },
    execute: runOperation.execute,
    subscribe: runOperation.subscribe,
    onNext: (_context, _id, _payload, args, result) =>
      runOperation.show({ ...options, args, result }),
    onError: (_context, _id, _payload, errors) => runOperation.showErrors({ ...options, errors }),
  })

  return {
    accept(socket, request) {
      metrics.socketOpened()
      const connection: Connection = {
        socket,
        request,
        viewer: { kind: 'anonymous' },
        language: 'en',
        closing: undefined,
        end: () => {},
      }
      const writer = new SocketWriter({
        socket,
        timers,
        slowClientMs: limits.slowClientMs,
        onSlow() {
          connection.closing ??= 'slow'
          log.warn({ requestId: request.id }, 'a client of a socket does not read; it was cut off')
        },
      })
      const closed = server.opened(
        {
          protocol: socket.protocol,
          send: (text) => writer.send(text),
          close: (code, reason) => socket.close(code, reason),
          onMessage(handle) {
            socket.on('message', (data, isBinary) => {
              if (isBinary) return socket.close(4400, 'Messages are text')
              void receive(connection, () => handle(String(data)))
              return undefined
            })
          },
        },
        connection,
      )
      const stopPinging = keepAlive(socket)
      let isOver = false
      const over = (code: number, reason: string) => {
        if (isOver) return
        isOver = true
        stopPinging()
        open.delete(connection)
        metrics.socketClosed(connection.closing ?? 'client')
        void closed(code, reason)
      }
      connection.end = (closing) => {
        if (isOver) return
        connection.closing = closing
        const { code, reason } = closeSocket(socket, closing, timers)
        // The goodbye of the other side may be long in coming: nothing more is sent meanwhile.
        over(code, reason)
      }
      open.add(connection)
      socket.once('close', (code, reason) => over(code, String(reason)))
      socket.on('error', (error) =>
        log.debug({ requestId: request.id, err: error }, 'socket error'),
      )
    },
    close() {
      for (const connection of [...open]) connection.end('shutdown')
    },
  }

  /** Learns who it is; the socket lives no longer than the token. */
  async function greet({ extra: connection, connectionParams = {} }: SocketContext): Promise<void> {
    const { request, socket } = connection
    const { authorization, Authorization, token, language } = connectionParams
    const given =
      authorization ?? Authorization ?? (token === undefined ? undefined : `Bearer ${token}`)
    connection.language = languageOf({
      asked: language,
      accepted: request.headers['accept-language'],
    })
    connection.viewer = await rate.admit(request.ip, () =>
      findViewer(verifier, given ?? request.headers.authorization),
    )
    if (connection.viewer.kind === 'anonymous') return
    const { expiresAt } = connection.viewer
    const cancel = timers.after(expiresAt + verifier.toleranceMs - now(), () =>
      connection.end('expired'),
    )
    socket.once('close', cancel)
  }

  function hasRunOut(viewer: Viewer): boolean {
    return viewer.kind !== 'anonymous' && now() >= viewer.expiresAt + verifier.toleranceMs
  }

  async function receive(connection: Connection, handle: () => Promise<void>): Promise<void> {
    try {
      await handle()
    } catch (error) {
      if (error instanceof RequestFault) {
        const isAuth = error.statusCode === 401
        // 4403 tells the client to come back with another token, which mends one that ran out.
        const reason = `${isAuth ? 'Forbidden' : 'Try again later'}: ${error.message}`
        connection.socket.close(isAuth ? 4403 : 1013, reason.slice(0, 120))
        return
      }
      log.error({ requestId: connection.request.id, err: error }, 'fault on a socket')
      connection.socket.close(4500, 'Internal server error')
    }
  }

  function keepAlive(socket: WebSocket): () => void {
    let isAlive = true
    socket.on('pong', () => {
      isAlive = true
    })
    return timers.every(PING_MS, () => {
      if (!isAlive) return socket.terminate()
      isAlive = false
      if (socket.readyState === socket.OPEN) socket.ping()
      return undefined
    })
  }
}
