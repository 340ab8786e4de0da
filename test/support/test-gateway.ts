import {
  type BalanceChangedResolver,
  buildPointwellSchema,
  type Gateway,
  type GatewayOptions,
  type OpenContext,
  openGateway,
  openMetrics,
  openTokenVerifier,
  type RequestFacts,
  signToken,
} from '@pointwell/gateway'
import type { LedgerTransaction } from '@pointwell/ledger'
import type { OperatorRole, Viewer } from '@pointwell/plugin'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'

/** What the tokens of tests are signed with. */
export const TEST_SECRET = 'a secret of the tests, as long as it must be'

export interface TokenWishes {
  subject?: string
  roles?: readonly OperatorRole[]
  /** From the test's now on; negative: it ran out so long ago. */
  lifeMs?: number
}

type Resolvers = Parameters<typeof buildPointwellSchema>[0]['resolvers']
interface TestGatewayOptions
  extends Partial<Omit<GatewayOptions, 'schema' | 'openContext' | 'now' | 'log'>> {
  readonly resolvers: Resolvers | (typeof BalanceChangedResolver)[]
  readonly openContext?: (facts: RequestFacts) => object
  /** Epoch milliseconds. */
  readonly now?: () => number
  readonly secret?: string
}

/** A gateway on a free port over resolvers of the test's own, closed when the test is over. */
export async function openTestGateway(options: TestGatewayOptions) {
  const { resolvers, now = Date.now, openContext = (facts) => facts, ...rest } = options
  const logs: Record<string, unknown>[] = []
  const gateway: Gateway = await openGateway({
    schema: buildPointwellSchema({ resolvers }),
    verifier: openTokenVerifier({ secret: TEST_SECRET, now }),
    ledger: silentLedger,
    metrics: openMetrics(),
    ...rest,
    now,
    openContext: openContext as OpenContext,
    log: pino({ level: 'debug' }, { write: (line: string) => logs.push(JSON.parse(line)) }),
  })
  onTestFinished(() => gateway.close({ timeoutMs: 500 }))
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  return {
    gateway,
    url,
    socketUrl: `${url.replace(/^http/, 'ws')}/graphql`,
    logs,
    token: (kind: Exclude<Viewer['kind'], 'anonymous'>, wishes: TokenWishes = {}) =>
      tokenOf(kind, wishes, now()),
    ask: (query: string, request: AskOptions = {}) => ask(url, query, request),
  }
}

/** A token as the test's server takes it. */
export function tokenOf(
  kind: Exclude<Viewer['kind'], 'anonymous'>,
  { subject = `${kind}-1`, roles = ['viewer'], lifeMs = 3_600_000 }: TokenWishes,
  now: number,
): Promise<string> {
  return signToken({ secret: TEST_SECRET, kind, subject, roles, expiresAt: now + lifeMs })
}

export interface AskOptions {
  token?: string
  variables?: Record<string, unknown>
  operationName?: string
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
  data: any
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
  errors: any[] | undefined
}

/** One operation over HTTP, as a client sends it. */
export async function ask(
  url: string,
  query: string,
  { token, variables, operationName, headers = {} }: AskOptions = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
  })
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown[] }
  return { status: response.status, headers: response.headers, data, errors }
}

/** A ledger in which nothing happens. */
const silentLedger: GatewayOptions['ledger'] = {
  store: {
    findVersions: async () => new Map(),
    findTransactions: async (): Promise<readonly LedgerTransaction[]> => [],
    findTransactionsAt: async (): Promise<readonly LedgerTransaction[]> => [],
  },
  onPosted: () => () => {},
}
