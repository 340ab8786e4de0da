import type { Viewer } from '@pointwell/plugin'
import { type Server, type ServerOptions, serverMigrations, startServer } from '@pointwell/server'
import { type Client, createClient } from 'graphql-ws'
import { pino } from 'pino'
import { WebSocket } from 'ws'
import { freshUrl, type StoreName } from './databases.js'
import { migratedUrl } from './migrated-url.js'
import { type AskOptions, ask, TEST_SECRET, type TokenWishes, tokenOf } from './test-gateway.js'

/** Monday, noon in the programme's zone. */
const MONDAY_NOON = Date.parse('2026-01-05T12:00:00+08:00')

export interface TestServer extends Server {
  /** The server's clock stands still until the test moves it. */
  readonly time: { now: number }
  readonly databaseUrl: string
  readonly logs: readonly Record<string, unknown>[]
  token(kind: Exclude<Viewer['kind'], 'anonymous'>, wishes?: TokenWishes): Promise<string>
  ask(query: string, request?: AskOptions): ReturnType<typeof ask>
  /** A client of the server's subscriptions. */
  subscriber(token?: string): Client
}

/** A whole server on a free port, over a fresh database or (`databaseUrl`) one that is there. The
 * caller closes it. */
export async function startTestServer({
  store = 'sqlite',
  time = { now: MONDAY_NOON },
  databaseUrl,
  ...options
}: Partial<ServerOptions> & {
  store?: Exclude<StoreName, 'memory'>
  time?: { now: number }
} = {}): Promise<TestServer> {
  const logs: Record<string, unknown>[] = []
  const freshDatabase = () =>
    options.migrate === false
      ? freshUrl(store)
      : migratedUrl(store, serverMigrations(options.plugins))
  const address = databaseUrl ?? (await freshDatabase())
  const server = await startServer({
    tokens: { secret: TEST_SECRET },
    clock: () => time.now,
    log: pino({ level: 'info' }, { write: (line: string) => logs.push(JSON.parse(line)) }),
    durable: false,
    pollMs: 25,
    ...options,
    databaseUrl: address,
  })
  return {
    ...server,
    time,
    databaseUrl: address,
    logs,
    token: (kind, wishes = {}) => tokenOf(kind, wishes, time.now),
    ask: (query, request) => ask(server.url, query, request),
    subscriber: (token) =>
      createClient({
        url: `${server.url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: token === undefined ? {} : { token },
        retryAttempts: 0,
      }),
  }
}
