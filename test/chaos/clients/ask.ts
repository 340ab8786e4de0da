/** What came of one request: data, or why there is none that one could rely on. */
export type Asked = { readonly data: Record<string, unknown> } | { readonly silence: string }

/** The request itself is wrong: the run is, not the server. */
class WrongRequest extends Error {
  override readonly name = 'WrongRequest'
}

/** Codes after which a client does not know what became of what it asked. */
const UNSURE = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'])

/** One GraphQL request over HTTP, sent once. Throws `WrongRequest`. */
export async function ask(
  url: string,
  {
    token,
    document,
    variables,
    timeoutMs = 10_000,
  }: {
    readonly token: string
    readonly document: string
    readonly variables: Readonly<Record<string, unknown>>
    readonly timeoutMs?: number
  },
): Promise<Asked> {
  let status: number
  let text: string
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    status = response.status
    text = await response.text()
  } catch (fault) {
    const { cause, name } = fault as Error & { cause?: { code?: string } }
    return { silence: cause?.code ?? name }
  }
  return readAnswer(status, text)
}

function readAnswer(status: number, text: string): Asked {
  let answer: {
    readonly data?: Record<string, unknown> | null
    readonly errors?: readonly { message: string; extensions?: { code?: string } }[]
  }
  try {
    answer = JSON.parse(text)
  } catch {
    return { silence: `HTTP ${status}` }
  }
  const [error] = answer.errors ?? []
  if (error) {
    const { code = '' } = error.extensions ?? {}
    if (UNSURE.has(code) || status >= 500) return { silence: code || `HTTP ${status}` }
    throw new WrongRequest(`${code}: ${error.message}`)
  }
  return answer.data ? { data: answer.data } : { silence: `HTTP ${status}, no data` }
}
