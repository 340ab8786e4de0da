import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshSqliteUrl } from '../support/databases.js'
import { type ServerProcess, startServerProcess } from '../support/server-process.js'
import { TEST_SECRET } from '../support/test-gateway.js'

/** What the specification says MUST, SHOULD and MAY be, with nothing left out. */
const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const

describe.each(['production', 'development'])('A1: GraphQL over HTTP, as built, in %s', (mode) => {
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServerProcess({
      env: {
        NODE_ENV: mode,
        // Four of the audits ask for a type of the schema, to send variables with something.
        POINTWELL_INTROSPECTION: '1',
        POINTWELL_DEMO: '0',
        POINTWELL_DATABASE_URL: await freshSqliteUrl(),
        POINTWELL_JWT_SECRET: TEST_SECRET,
      },
    })
  })
  afterAll(async () => {
    await server?.stop()
  })

  const audits = serverAudits({
    url: () => `${server.url}/graphql`,
    // Queries by GET want a header that no foreign page can send (A7).
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { 'apollo-require-preflight': '1', ...init.headers } }),
  })

  it('is audited at all three levels', () => {
    const levels = audits.map(({ name }) => name.split(' ')[0])
    expect([...new Set(levels)].sort()).toEqual([...LEVELS].sort())
    expect(audits.length).toBeGreaterThan(60)
  })

  // Again, because what was answered once goes a shorter way.
  describe.each(['the first time', 'again'])('%s', () => {
    it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
      const result = await audit.fn()
      expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok')
    })
  })
})
