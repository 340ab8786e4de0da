/** Why a request did not get its answer, when trying again would not help or did not. */
export type ApiFaultKind =
  /** The token is missing, wrong, too old, or not allowed to do this. */
  | 'unauthorized'
  /** No answer, or none but faults of the server, for as long as we waited. */
  | 'unreachable'
  /** The server understood the question and does not take its content. */
  | 'bad-input'
  /** Too much at once: less of it may pass. */
  | 'too-large'
  /** Whatever answers there does not speak our API. */
  | 'no-api'
  /** We were told to stop. */
  | 'stopped'

export class ApiFault extends Error {
  constructor(
    readonly kind: ApiFaultKind,
    message: string,
    /** The code the server gave, if it gave one. */
    readonly code: string | null = null,
    readonly field: string | null = null,
  ) {
    super(message)
  }
}

export interface ApiClient {
  /** Asks once, and again while that may help; every question must be safe to repeat. `findPassing`
   * says of an answer what in it a later one may better, if anything. */
  request<Data>(
    document: string,
    variables: Record<string, unknown>,
    findPassing?: (data: Data) => string | undefined,
  ): Promise<Data>
}

export interface ApiClientOptions {
  /** The GraphQL endpoint. */
  readonly url: string
  readonly token: string
  /** How long one question is asked again before the server counts as gone. */
  readonly patienceMs?: number
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Told before each new try. */
  readonly onRetry?: (retry: { readonly reason: string; readonly waitMs: number }) => void
  readonly fetch?: typeof globalThis.fetch
  readonly now?: () => number
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly random?: () => number
}

interface GraphqlError {
  readonly message?: string
  readonly extensions?: { readonly code?: string; readonly field?: string }
}
interface GraphqlAnswer {
  readonly data?: unknown
  readonly errors?: readonly GraphqlError[]
}

/** An answer that a later one may better. */
class Passing extends Error {
  constructor(
    message: string,
    readonly waitMs: number | null = null,
  ) {
    super(message)
  }
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000
const UNAUTHORIZED = new Set(['UNAUTHENTICATED', 'FORBIDDEN'])
const TOO_LARGE = new Set(['LIMIT_EXCEEDED'])
const BAD_INPUT = new Set(['BAD_USER_INPUT'])
const PASSING = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'])

/** A client of the public API that waits out what passes: lost connections, 5xx, 429. */
export function openApiClient({
  url,
  token,
  patienceMs = 120_000,
  timeoutMs = 60_000,
  signal,
  onRetry,
  fetch = globalThis.fetch,
  now = Date.now,
  sleep = sleepUnlessStopped,
  random = Math.random,
}: ApiClientOptions): ApiClient {
  return {
    async request<Data>(
      document: string,
      variables: Record<string, unknown>,
      findPassing?: (data: Data) => string | undefined,
    ): Promise<Data> {
      const body = JSON.stringify({ query: document, variables })
      const started = now()
      for (let attempt = 0; ; attempt += 1) {
        if (signal?.aborted) throw new ApiFault('stopped', 'Stopped.')
        try {
          const data = (await ask(body)) as Data
          const passing = findPassing?.(data)
          if (passing !== undefined) throw new Passing(passing)
          return data
        } catch (error) {
          if (!(error instanceof Passing)) throw error
          const backOffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)
          // Spread, so that requests that failed together do not come back together.
          const waitMs = error.waitMs ?? Math.round(backOffMs * (0.5 + random() / 2))
          if (now() - started + waitMs > patienceMs) {
            const seconds = Math.round((now() - started) / 1000)
            throw new ApiFault(
              'unreachable',
              `${url} gave no good answer for ${seconds} s, the last time: ${error.message}`,
            )
          }
          onRetry?.({ reason: error.message, waitMs })
          await sleep(waitMs, signal)
        }
      }
    },
  }

  async function ask(body: string): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutMs)
    let response: Response
    let text: string
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          authorization: `Bearer ${token}`,
        },
        body,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      text = await response.text()
    } catch (error) {
      if (signal?.aborted) throw new ApiFault('stopped', 'Stopped.')
      if (timeout.aborted) throw new Passing(`no answer within ${timeoutMs / 1000} s`)
      throw new Passing(describeNetworkFault(error))
    }
    return readAnswer(response, text)
  }
}

function readAnswer(response: Response, text: string): unknown {
  const { status } = response
  const answer = parseAnswer(text)
  if (status === 429 || status >= 500) {
    const said = answer?.errors?.[0]?.message
    const message = said === undefined ? `HTTP ${status}` : `HTTP ${status}: ${said}`
    throw new Passing(message, readRetryAfter(response.headers.get('retry-after')))
  }
  const error = worstError(answer?.errors ?? [])
  if (error) throw classify(error)
  if (status === 401 || status === 403) {
    throw new ApiFault('unauthorized', `The server does not accept the token (HTTP ${status}).`)
  }
  if (status === 413) throw new ApiFault('too-large', 'The request is too large (HTTP 413).')
  if (status !== 200 || answer?.data === undefined || answer.data === null) {
    const start = text.trim().slice(0, 120)
    throw new ApiFault('no-api', `There is no GraphQL API there: HTTP ${status} ${start}`)
  }
  return answer.data
}

function parseAnswer(text: string): GraphqlAnswer | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value as GraphqlAnswer | null) : null
  } catch {
    return null
  }
}

/** What stops everything counts before what passes, and that before what the data is to blame for. */
function worstError(errors: readonly GraphqlError[]): GraphqlError | undefined {
  const rank = ({ extensions }: GraphqlError) => {
    const code = extensions?.code ?? ''
    if (UNAUTHORIZED.has(code)) return 0
    if (TOO_LARGE.has(code)) return 2
    if (BAD_INPUT.has(code)) return 3
    return 1
  }
  return [...errors].sort((a, b) => rank(a) - rank(b))[0]
}

function classify({ message = 'no message', extensions }: GraphqlError): Error {
  const code = extensions?.code ?? null
  const field = extensions?.field ?? null
  if (code !== null) {
    if (UNAUTHORIZED.has(code)) return new ApiFault('unauthorized', message, code)
    if (TOO_LARGE.has(code)) return new ApiFault('too-large', message, code)
    if (BAD_INPUT.has(code)) return new ApiFault('bad-input', message, code, field)
    if (PASSING.has(code)) return new Passing(`${code}: ${message}`)
  }
  return new ApiFault('no-api', code === null ? message : `${code}: ${message}`, code)
}

/** Seconds, or a date; milliseconds from now, null where the header says neither. */
function readRetryAfter(header: string | null): number | null {
  if (header === null) return null
  if (/^[0-9]{1,5}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}

function describeNetworkFault(error: unknown): string {
  // fetch says only "fetch failed" and keeps the reason as its cause.
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  return cause?.code ?? cause?.message ?? (error as Error).message
}

function sleepUnlessStopped(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}
