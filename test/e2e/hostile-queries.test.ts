import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useOf } from '../bench/measure/process-use.js'
import { freshSqliteUrl } from '../support/databases.js'
import { HOSTILE_QUERIES, type HostileQuery } from '../support/hostile-queries.js'
import { startServerProcess } from '../support/server-process.js'
import { statementsOf } from '../support/statements-of.js'
import { ask, TEST_SECRET, tokenOf } from '../support/test-gateway.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

/** `POINTWELL_PRINT_CPU=1` shows milliseconds of processor time that each costs the built server. */
const PRINT = process.env.POINTWELL_PRINT_CPU === '1'
const ROUNDS = 20

describe('A7: operations made to cost much', () => {
  let server: TestServer
  let token: string
  let shop: string
  const send = ({ query, variables }: HostileQuery) => server.ask(query, { token, variables })

  beforeAll(async () => {
    server = await startTestServer({ jobs: false })
    token = await server.token('operator', { roles: ['admin'] })
    shop = await server.token('storefront')
    await server.ask('mutation { registerMember(input: { id: "m-1" }) { __typename } }', {
      token: shop,
    })
  })
  afterAll(() => server.close())

  it.each(HOSTILE_QUERIES.map((hostile) => [hostile.name, hostile] as const))(
    '%s: is turned away before anything is read',
    async (_name, hostile) => {
      const statements = await statementsOf(server, async () => {
        const { data, errors } = await send(hostile)
        expect(data ?? null).toBeNull()
        const { limit, code } = errors![0].extensions
        expect(limit ?? code).toBe(hostile.refusedBy)
        // Nobody is answered with more than was asked.
        expect(errors!.length).toBeLessThanOrEqual(21)
      })
      expect(statements).toEqual([])
    },
  )

  it('are as large as they may be, and no larger: it is what they ask for that turns them away', () => {
    for (const { query, variables } of HOSTILE_QUERIES) {
      expect(query.length).toBeLessThan(50_000)
      expect(JSON.stringify({ query, variables }).length).toBeLessThan(1_048_576)
    }
  })

  it('are the same over a socket', async () => {
    const client = server.subscriber(token)
    const told = async ({ query, variables }: HostileQuery) =>
      new Promise<string>((resolve) => {
        client.subscribe(
          { query, variables },
          {
            next: ({ errors }) => resolve(codeOf(errors)),
            error: (errors) => resolve(codeOf(errors)),
            complete: () => resolve('answered'),
          },
        )
      })
    for (const hostile of HOSTILE_QUERIES) {
      expect([hostile.name, await told(hostile)]).toEqual([hostile.name, hostile.refusedBy])
    }
    await client.dispose()
  })

  it('leave others alone: what is asked between them is answered', async () => {
    const flood = HOSTILE_QUERIES.map((hostile) => send(hostile))
    for (let n = 0; n < 20; n += 1) {
      const query = 'query ($id: ID!) { member(id: $id) { id wallet { balance { available } } } }'
      const { data } = await server.ask(query, { token: shop, variables: { id: 'm-1' } })
      expect(data.member).toEqual({ id: 'm-1', wallet: { balance: { available: 0 } } })
      await turn()
    }
    for (const { errors } of await Promise.all(flood)) expect(errors?.length).toBeGreaterThan(0)
    expect(server.logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  it.runIf(PRINT)('what each costs a server', async () => {
    const program = await startServerProcess({
      env: {
        NODE_ENV: 'production',
        POINTWELL_DATABASE_URL: await freshSqliteUrl(),
        POINTWELL_JWT_SECRET: TEST_SECRET,
      },
    })
    const admin = await tokenOf('operator', { roles: ['admin'] }, Date.now())
    const rows: { ms: number; refusedBy: string; name: string }[] = []
    for (const hostile of HOSTILE_QUERIES) {
      // The first ones are not counted: a server compiles what it runs often.
      for (const counts of [false, true]) {
        const { use } = await useOf({ server: program.pid }, async () => {
          for (let round = 0; round < ROUNDS; round += 1) {
            // A text that was not seen before, each time.
            const query = `${hostile.query} # ${counts} ${round}`
            const { variables } = hostile
            const { errors } = await ask(program.url, query, { token: admin, variables })
            expect(errors?.length).toBeGreaterThan(0)
          }
        })
        const ms = Math.round((use.seconds.server! / ROUNDS) * 10_000) / 10
        if (counts) rows.push({ ms, refusedBy: hostile.refusedBy, name: hostile.name })
      }
    }
    await program.stop()
    console.table(rows.toSorted((a, b) => b.ms - a.ms))
  })
})

// biome-ignore lint/suspicious/noExplicitAny: errors of any shape
function codeOf(errors: any): string {
  const [{ extensions }] = errors
  return extensions.limit ?? extensions.code
}
