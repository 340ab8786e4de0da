import { systemTimers, type Timers } from './clock/timers.js'
import { BalanceOfDocument, MyBalanceDocument } from './documents/documents.js'
import type { TypedDocument } from './documents/typed-document.js'
import { PointwellError } from './errors/pointwell-error.js'
import { BalanceFollower } from './follow/balance-follower.js'
import type { BalanceMoment, FollowOptions } from './follow/balance-moment.js'
import { sendRequest } from './request/send-request.js'
import { openSocket } from './socket/open-socket.js'
import { openTokenSource, type TokenGiver } from './token/open-token-source.js'

export interface PointwellClientOptions {
  /** Where the server's GraphQL is: `https://points.example/graphql`, on a page also `/graphql`. */
  readonly url: string
  /** The same for subscriptions; default: `url` with `ws` for `http`. */
  readonly wsUrl?: string
  /** Whose token, or what gives one when it is needed; left out: nobody is signed in. */
  readonly token?: string | TokenGiver
  /** What titles and messages are in: `zh` or `en`; default: what the browser says. */
  readonly language?: string
  readonly fetch?: typeof fetch
  /** A class as browsers have it: `WebSocket` of `ws` on a Node that has none. */
  readonly webSocket?: unknown
  /** After how long without a word the server is asked whether it is still there; default 20 s. */
  readonly keepAliveMs?: number
  /** The pauses between attempts to come back: from a quarter of a second up to half a minute, unless told. */
  readonly backoff?: { readonly leastMs: number; readonly mostMs: number }
  readonly timers?: Timers
  /** From 0 to 1, for the luck in the pauses. */
  readonly random?: () => number
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined
}

export interface PointwellClient {
  /** Throws a `PointwellError`, or what `signal` was aborted with. What the programme refuses is an answer. */
  request<Answer, Variables>(
    document: TypedDocument<Answer, Variables>,
    ...rest: Record<string, never> extends Variables
      ? [variables?: Variables, options?: RequestOptions]
      : [variables: Variables, options?: RequestOptions]
  ): Promise<Answer>
  /**
   * A wallet as it stands, then every change of it, each once and in order, over lost connections, restarts
   * and tokens that run out. Begins with the first `next()`. Throws a `PointwellError` when the server
   * refuses it for good.
   */
  followBalance(options?: FollowOptions): AsyncIterableIterator<BalanceMoment>
  /** Closes the socket; those who follow come back unless they were ended before. */
  close(): void
}

const KEEP_ALIVE_MS = 20_000
const BACKOFF = { leastMs: 250, mostMs: 30_000 }

export function createPointwellClient(options: PointwellClientOptions): PointwellClient {
  const { url, language, timers = systemTimers, random = Math.random } = options
  const tokens = openTokenSource(options.token)
  const http = {
    url,
    tokens,
    language,
    fetch: options.fetch ?? ((...request: Parameters<typeof fetch>) => fetch(...request)),
  }
  /** The token that the socket was opened with. */
  let sent: string | undefined
  const socket = openSocket({
    url: () => options.wsUrl ?? socketUrlOf(url),
    webSocket: options.webSocket,
    timers,
    keepAliveMs: options.keepAliveMs ?? KEEP_ALIVE_MS,
    async connectionParams() {
      sent = await tokens.get()
      return { token: sent, language }
    },
  })
  const renewToken = () => {
    socket.renew()
    return tokens.refuse(sent)
  }

  const request = (query: string, variables?: unknown, { signal }: RequestOptions = {}) =>
    sendRequest(http, { query, variables, signal })

  async function readNow(memberId: string | undefined, signal: AbortSignal) {
    const member =
      memberId === undefined
        ? (await client.request(MyBalanceDocument, {}, { signal })).me
        : (await client.request(BalanceOfDocument, { memberId }, { signal })).member
    if (member) {
      const { id, wallet } = member
      return { memberId: id, version: wallet.version, balance: wallet.balance, change: null }
    }
    throw new PointwellError({
      code: 'BAD_USER_INPUT',
      message: 'There is no such member.',
      field: memberId && 'memberId',
    })
  }

  const client: PointwellClient = {
    request: request as PointwellClient['request'],
    followBalance: (followed = {}) =>
      new BalanceFollower(
        {
          socket,
          timers,
          renewToken,
          readNow,
          backoff: { ...BACKOFF, ...options.backoff, random },
        },
        followed,
      ),
    close: () => socket.close(),
  }
  return client
}

function socketUrlOf(url: string): string {
  // On a page it may be written as seen from there.
  const { location } = globalThis as { location?: { href: string } }
  const { href } = new URL(url, location?.href)
  return href.replace(/^http/, 'ws')
}
