import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { signToken } from '@pointwell/gateway'
import { makeDemo, openDemoClock, type Server, startServer } from '@pointwell/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshSqliteUrl } from '../support/databases.js'
import { blur, type Example, readExamples } from './read-examples.js'

const PAGE = fileURLToPath(new URL('../../docs/guides/demo.md', import.meta.url))
const SECRET = 'a secret for the tests of the demo page'
/** Rewrites the answers on the page with what the server says; read the difference before you commit. */
const REWRITE = process.env.REWRITE_REFERENCE === '1'
const NOON = Date.parse('2026-11-20T12:00:00+08:00')

const page = await readFile(PAGE, 'utf8')
const examples = readExamples(page)

describe('docs/guides/demo.md', () => {
  let server: Server
  const tokens = new Map<string, string>()
  const rewritten: { at: Example['answerAt']; text: string }[] = []

  beforeAll(async () => {
    const clock = openDemoClock(() => NOON)
    server = await startServer({
      databaseUrl: await freshSqliteUrl(),
      tokens: { secret: SECRET },
      clock: clock.now,
      jobs: false,
      durable: false,
      async beforeListen(parts) {
        expect(await makeDemo(parts, clock)).toBe(true)
      },
    })
    const terms = { secret: SECRET, expiresAt: NOON + 3_600_000 }
    tokens.set('member', await signToken({ ...terms, kind: 'member', subject: 'm-1001' }))
    tokens.set('storefront', await signToken({ ...terms, kind: 'storefront', subject: 'shop' }))
    tokens.set(
      'operator',
      await signToken({ ...terms, kind: 'operator', subject: 'ada', roles: ['admin'] }),
    )
  })

  afterAll(async () => {
    await server?.close()
    if (!REWRITE) return
    let text = page
    for (const { at, text: answer } of rewritten.reverse()) {
      text = text.slice(0, at.from) + answer + text.slice(at.to)
    }
    await writeFile(PAGE, text)
  })

  it.each(examples.map((example, place) => ({ name: `${place + 1}. ${example.title}`, example })))(
    '$name',
    async ({ example }) => {
      const { role, query, answer, answerAt: at } = example
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens.get(role)}`,
        },
        body: JSON.stringify({ query }),
      })
      const found = (await response.json()) as { errors?: unknown }
      expect(found.errors).toBeUndefined()
      if (REWRITE) rewritten.push({ at, text: `${JSON.stringify(blur(found, answer), null, 2)}\n` })
      else expect(blur(found, answer)).toEqual(answer)
    },
  )
})
