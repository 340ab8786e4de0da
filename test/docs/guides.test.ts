import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { signToken } from '@pointwell/gateway'
import { type Server, startServer } from '@pointwell/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores, freshUrl } from '../support/databases.js'
import { fillIn } from './fill-in.js'
import { blur, type Example, readExamples } from './read-examples.js'

const GUIDES = new URL('../../docs/guides/', import.meta.url)
/** In the order in which they are sent to one server: operators make what members have then. */
const NAMES = ['run-redemption.md', 'redeem.md']
const SECRET = 'a secret for the tests of the guides'
/** Rewrites the answers on the pages with what the server says; read the difference before you commit. */
const REWRITE = process.env.REWRITE_REFERENCE === '1'
const NOON = Date.parse('2026-11-20T12:00:00+08:00')
const DAY_MS = 86_400_000

const pages = await Promise.all(
  NAMES.map(async (name) => {
    const path = fileURLToPath(new URL(name, GUIDES))
    const text = await readFile(path, 'utf8')
    return { name, path, text, examples: readExamples(text) }
  }),
)
const stores = availableStores().filter((store) => store !== 'memory')

/** What time it is for a request: what the page said last before it. */
function timeOf(text: string, { answerAt }: Example): number | undefined {
  const said = [...text.slice(0, answerAt.from).matchAll(/<!-- now: (\S+) -->/g)].at(-1)
  return said && Date.parse(said[1]!)
}

describe.each(stores)('docs/guides on %s', (store) => {
  let server: Server
  let now = NOON
  const tokens = new Map<string, string>()
  const answers = new Map<string, unknown>()

  beforeAll(async () => {
    server = await startServer({
      databaseUrl: await freshUrl(store),
      tokens: { secret: SECRET },
      clock: () => now,
      jobs: false,
      durable: false,
    })
    const terms = { secret: SECRET, expiresAt: NOON + DAY_MS }
    const viewers = {
      member: { kind: 'member', subject: 'mei' },
      storefront: { kind: 'storefront', subject: 'shop' },
      operator: { kind: 'operator', subject: 'ada', roles: ['admin'] },
    } as const
    for (const [role, viewer] of Object.entries(viewers)) {
      tokens.set(role, await signToken({ ...terms, ...viewer }))
    }
  })
  afterAll(() => server?.close())

  describe.each(pages)('$name', ({ path, text: page, examples }) => {
    const rewritten: { at: Example['answerAt']; text: string }[] = []

    afterAll(async () => {
      if (!REWRITE || store !== stores[0]) return
      let text = page
      for (const { at, text: answer } of rewritten.reverse()) {
        text = text.slice(0, at.from) + answer + text.slice(at.to)
      }
      await writeFile(path, text)
    })

    it.each(
      examples.map((example, place) => ({ name: `${place + 1}. ${example.title}`, example })),
    )('$name', async ({ example }) => {
      // Never two at the same instant: what lists go by is not left to chance.
      now = Math.max(now + 1_000, timeOf(page, example) ?? 0)
      const found = await send(example)
      expect(found.errors).toBeUndefined()
      for (const [field, value] of Object.entries(found.data ?? {})) answers.set(field, value)
      const { answer, answerAt: at } = example
      if (REWRITE) {
        rewritten.push({ at, text: `${JSON.stringify(blur(found, answer), null, 2)}\n` })
      } else expect(blur(found, answer)).toEqual(answer)
    })
  })

  async function send({ role, query, variables }: Example) {
    const token = tokens.get(role)
    if (role !== 'anonymous' && !token) throw new Error(`nobody is called ${role}`)
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables: fillIn(variables, answers) }),
    })
    return (await response.json()) as { data?: Record<string, unknown>; errors?: unknown }
  }
})
