import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeOrdersApi, startFakeOrdersApi } from '../../../../test/support/fake-orders-api.js'
import { ApiFault, openApiClient } from './api-client.js'

const QUESTION = 'query ImportBalances($m0: ID!) { m0: member(id: $m0) { id } }'

let api: FakeOrdersApi
beforeEach(async () => {
  api = await startFakeOrdersApi()
})
afterEach(() => api.close())

describe('E13: the client of the public API', () => {
  it('asks with the token, and answers with the data', async () => {
    expect(await ask({})).toEqual({ m0: null })
  })

  it.each([
    ['HTTP 500', { status: 500 }],
    ['HTTP 503', { status: 503, body: 'starting' }],
    ['HTTP 429', { status: 429 }],
    ['a lost question', 'lost-before' as const],
    ['a lost answer', 'lost-after' as const],
    ['a fault of the server', { status: 200, body: { errors: [error('INTERNAL_SERVER_ERROR')] } }],
    ['too much going on', { status: 200, body: { errors: [error('SERVICE_UNAVAILABLE')] } }],
  ])('waits out %s, longer each time', async (_, fate) => {
    api.intercept = ({ count }) => (count <= 4 ? fate : undefined)
    const waits: number[] = []
    expect(await ask({ waits })).toEqual({ m0: null })
    expect(waits).toEqual([200, 400, 800, 1600])
    expect(api.requests).toHaveLength(5)
  })

  it('waits as long as the server asks for', async () => {
    api.intercept = ({ count }) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : undefined
    const waits: number[] = []
    await ask({ waits })
    expect(waits).toEqual([7000])
  })

  it('loses patience with a server that is gone, and says what it met', async () => {
    await api.close()
    const waits: number[] = []
    const asked = ask({ waits, patienceMs: 30_000 })
    await expect(asked).rejects.toMatchObject({ kind: 'unreachable' })
    await expect(asked).rejects.toThrow(/ECONNREFUSED/)
    expect(waits.reduce((sum, wait) => sum + wait)).toBeLessThanOrEqual(30_000)
    expect(Math.max(...waits)).toBe(10_000)
  })

  it('does not wait for an answer for ever', async () => {
    api.intercept = ({ count }) => (count === 1 ? 'silent' : undefined)
    expect(await ask({ timeoutMs: 1_000 })).toEqual({ m0: null })
    expect(api.requests).toHaveLength(2)
  })

  it.each([
    ['unauthorized', { status: 401 }],
    ['unauthorized', { status: 403, body: '<html>' }],
    ['unauthorized', { status: 200, body: { errors: [error('UNAUTHENTICATED')] } }],
    ['unauthorized', { status: 200, body: { data: null, errors: [error('FORBIDDEN')] } }],
    ['unauthorized', { status: 200, body: { errors: [error('X'), error('FORBIDDEN')] } }],
    ['bad-input', { status: 400, body: { errors: [error('BAD_USER_INPUT')] } }],
    ['too-large', { status: 413, body: 'too large' }],
    ['too-large', { status: 200, body: { errors: [error('LIMIT_EXCEEDED')] } }],
    ['no-api', { status: 404, body: 'nothing here' }],
    ['no-api', { status: 200, body: '<html>' }],
    ['no-api', { status: 200, body: 'null' }],
    ['no-api', { status: 200, body: {} }],
    ['no-api', { status: 400, body: { errors: [error('BAD_REQUEST')] } }],
    ['no-api', { status: 400, body: { errors: [error('GRAPHQL_VALIDATION_FAILED')] } }],
    ['no-api', { status: 200, body: { errors: [{ message: 'hm' }] } }],
  ])('takes no second try for %s: %j', async (kind, fate) => {
    api.intercept = () => fate
    await expect(ask({})).rejects.toMatchObject({ kind })
    expect(api.requests).toHaveLength(1)
  })

  it('stops at once when it is told to', async () => {
    const stop = new AbortController()
    api.intercept = () => {
      setTimeout(() => stop.abort(), 20)
      return 'silent'
    }
    const asked = ask({ signal: stop.signal })
    await expect(asked).rejects.toMatchObject({ kind: 'stopped' })
    await expect(ask({ signal: stop.signal })).rejects.toBeInstanceOf(ApiFault)
    expect(api.requests).toHaveLength(1)
  })

  it('stops while it waits, with its own clock', async () => {
    api.intercept = () => ({ status: 503 })
    const stop = new AbortController()
    const client = openApiClient({
      url: api.url,
      token: 'x',
      signal: stop.signal,
      onRetry: () => stop.abort(),
    })
    await expect(client.request(QUESTION, { m0: '1' })).rejects.toMatchObject({ kind: 'stopped' })
  })
})

/** Time stands still but for the waits, which are noted and not slept. */
function ask({
  waits = [],
  ...options
}: {
  waits?: number[]
  patienceMs?: number
  timeoutMs?: number
  signal?: AbortSignal
}) {
  let now = 0
  const client = openApiClient({
    url: api.url,
    token: 'x',
    now: () => now,
    random: () => 1,
    async sleep(ms) {
      waits.push(ms)
      now += ms
    },
    ...options,
  })
  return client.request(QUESTION, { m0: '1' })
}

function error(code: string) {
  return { message: `It is ${code}.`, extensions: { code } }
}
