import { PointwellError } from '../errors/pointwell-error.js'
import { readErrors } from '../errors/read-errors.js'
import type { TokenSource } from '../token/open-token-source.js'

export interface RequestTerms {
  readonly url: string
  readonly fetch: typeof fetch
  readonly tokens: TokenSource
  readonly language: string | undefined
}

interface Operation {
  readonly query: string
  readonly variables: unknown
  readonly signal: AbortSignal | undefined
}

/** One operation over HTTP. A token that is refused is renewed once: a request with a bad one is not looked at. */
export async function sendRequest(terms: RequestTerms, operation: Operation): Promise<unknown> {
  const token = await terms.tokens.get()
  try {
    return await sendOnce(terms, token, operation)
  } catch (error) {
    const isRefused = error instanceof PointwellError && error.status === 401
    if (!isRefused || !terms.tokens.refuse(token)) throw error
    return sendOnce(terms, await terms.tokens.get(), operation)
  }
}

async function sendOnce(
  { url, fetch, language }: RequestTerms,
  token: string | undefined,
  { query, variables, signal }: Operation,
): Promise<unknown> {
  signal?.throwIfAborted()
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(language && { 'accept-language': language }),
    },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  }).catch((cause) => {
    throw lineFault(cause, signal)
  })
  const { data, errors } = await readAnswer(response, signal)
  const { status, headers } = response
  const waitSeconds = Number(headers.get('retry-after') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(waitSeconds) ? waitSeconds * 1_000 : undefined
  const error = readErrors(errors, { status, retryAfterMs })
  if (error) throw error
  if (data === undefined || data === null) throw unreadable(status)
  return data
}

async function readAnswer(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<{ data?: unknown; errors?: unknown }> {
  const text = await response.text().catch((cause) => {
    throw lineFault(cause, signal)
  })
  try {
    return JSON.parse(text) ?? {}
  } catch (cause) {
    throw unreadable(response.status, cause)
  }
}

function lineFault(cause: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  return new PointwellError({
    code: 'CONNECTION_LOST',
    message: 'The server was not reached, or the line broke before it answered.',
    cause,
  })
}

function unreadable(status: number, cause?: unknown): PointwellError {
  return new PointwellError({
    code: 'UNREADABLE_ANSWER',
    message: `What came back is no answer of a Pointwell server (status ${status}).`,
    status,
    cause,
  })
}
