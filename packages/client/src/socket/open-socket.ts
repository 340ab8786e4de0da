import { type Client, createClient, type SubscribePayload } from 'graphql-ws/client'
import type { Timers } from '../clock/timers.js'

export interface SocketTerms {
  url(): string
  readonly webSocket: unknown
  readonly timers: Timers
  /** How often the server is asked whether it is still there. */
  readonly keepAliveMs: number
  connectionParams(): Promise<Record<string, unknown>>
}

interface SocketSink {
  /** The server took the token: what is asked for goes out now. */
  accepted(): void
  next(answer: { readonly data?: unknown; readonly errors?: unknown }): void
  /** Over, and why: errors of the server, how the socket closed, what was thrown; undefined: the server ended it. */
  end(reason: unknown): void
}

/** One socket for all subscriptions of a client, open while there are any. It does not come back by itself. */
export interface Socket {
  subscribe(payload: SubscribePayload, sink: SocketSink): () => void
  /** The next subscription opens a new one, with a new token. */
  renew(): void
  close(): void
}

/** A server that is there answers a ping within this, or the line is dead and nobody has said so. */
const PONG_WITHIN_MS = 10_000
const ACCEPTED_WITHIN_MS = 15_000

interface Connection {
  readonly client: Client
  isAccepted: boolean
  readonly waiting: Set<() => void>
}

/**
 * Outside of a page, a socket that is closed before it is open says so by an error, and an error that nobody
 * listens to ends the process. graphql-ws no longer listens by then. `given`: none where the page has its own.
 */
function heardToTheEnd(given: unknown): unknown {
  if (!given) return given
  const Given = given as new (...args: unknown[]) => Partial<EventTarget>
  return class extends Given {
    constructor(...args: unknown[]) {
      super(...args)
      this.addEventListener?.('error', () => {})
    }
  }
}

export function openSocket(terms: SocketTerms): Socket {
  let current: Connection | undefined

  // For each connection a client of its own: what is said late on an old one is not taken for news of the new.
  function connect(): Connection {
    let stopWaiting: (() => void) | undefined
    const over = () => {
      stopWaiting?.()
      if (current === connection) current = undefined
    }
    const client = createClient({
      url: terms.url(),
      webSocketImpl: heardToTheEnd(terms.webSocket),
      connectionParams: terms.connectionParams,
      retryAttempts: 0,
      keepAlive: terms.keepAliveMs,
      connectionAckWaitTimeout: ACCEPTED_WITHIN_MS,
      on: {
        connected() {
          connection.isAccepted = true
          for (const tell of connection.waiting) tell()
          connection.waiting.clear()
        },
        ping(isReceived) {
          if (isReceived) return
          stopWaiting?.()
          stopWaiting = terms.timers.after(PONG_WITHIN_MS, () => client.terminate())
        },
        pong: (isReceived) => isReceived && stopWaiting?.(),
        error: over,
        closed: over,
      },
    })
    const connection: Connection = { client, isAccepted: false, waiting: new Set() }
    return connection
  }

  return {
    subscribe(payload, sink) {
      current ??= connect()
      const connection = current
      if (connection.isAccepted) sink.accepted()
      else connection.waiting.add(sink.accepted)
      const stop = connection.client.subscribe(payload, {
        next: sink.next,
        error: sink.end,
        complete: () => sink.end(undefined),
      })
      return () => {
        connection.waiting.delete(sink.accepted)
        stop()
      }
    },
    renew() {
      current = undefined
    },
    close() {
      current?.client.terminate()
      current = undefined
    },
  }
}
