import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { signToken } from '@pointwell/gateway'
import { buildSchema, loadConfig, type Server, startServer } from '@pointwell/server'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { freshSqliteUrl } from '../support/databases.js'
import { holdingRule } from '../support/holding-rule.js'
import { fillIn } from './fill-in.js'
import { blur, type Example, readExamples } from './read-examples.js'

const REFERENCE = new URL('../../docs/reference/', import.meta.url)
const SECRET = 'a secret for the tests of the reference pages'
/** Rewrites the answers on the page with what the server says; read the difference before you commit. */
const REWRITE = process.env.REWRITE_REFERENCE === '1'
const NOON = Date.parse('2026-11-20T12:00:00+08:00')

/** The server comes without a risk rule; one page is about what they hold. */
const largeRedemptions = holdingRule(({ kind, points }) => kind === 'redeem' && points >= 1_000)

const fieldOf = ({ query }: Example) => query.match(/^[^{]*\{\s*(\w+)/)![1]!
const read = async (name: string) => {
  const path = fileURLToPath(new URL(name, REFERENCE))
  const text = await readFile(path, 'utf8')
  return { name, path, text, examples: readExamples(text) }
}

const further = (await readdir(new URL('operations/', REFERENCE))).filter((it) =>
  /^(?!README).*\.md$/.test(it),
)
const pages = await Promise.all(
  ['operations.md', ...further.sort().map((it) => `operations/${it}`)].map(read),
)

it('the pages of operations show every operation of the schema', async () => {
  const schema = buildSchema((await loadConfig(undefined)).plugins)
  const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const all = fields.flatMap((type) => Object.keys(type?.getFields() ?? {}))
  expect(all.length).toBeGreaterThan(30)
  const shown = pages.flatMap(({ examples }) => examples.map(fieldOf))
  expect([...new Set(shown)].sort()).toEqual(all.sort())
})

describe.each(pages)('docs/reference/$name', ({ name, path, text: page, examples }) => {
  let server: Server
  const tokens = new Map<string, string>()
  const answers = new Map<string, unknown>()
  const rewritten: { at: Example['answerAt']; text: string }[] = []

  beforeAll(async () => {
    const { plugins } = await loadConfig(undefined)
    server = await startServer({
      plugins: name === 'operations/risk.md' ? [...plugins, largeRedemptions] : plugins,
      databaseUrl: await freshSqliteUrl(),
      tokens: { secret: SECRET },
      clock: () => NOON,
      jobs: false,
      durable: false,
    })
    const terms = { secret: SECRET, expiresAt: NOON + 3_600_000 }
    tokens.set('member', await signToken({ ...terms, kind: 'member', subject: 'm-1' }))
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
    await writeFile(path, text)
  })

  it.each(
    examples.map((example, place) => ({ name: `${place + 1}. ${fieldOf(example)}`, example })),
  )('$name', async ({ example }) => {
    const found = plain(await send(example))
    const field = fieldOf(example)
    const data = (found as { data?: Record<string, unknown> }).data?.[field]
    if (data !== undefined && !answers.has(field)) answers.set(field, data)
    if (REWRITE) {
      const shown = example.answer === undefined ? found : blur(found, example.answer)
      rewritten.push({ at: example.answerAt, text: `${JSON.stringify(shown, null, 2)}\n` })
      return
    }
    expect(blur(found, example.answer)).toEqual(example.answer)
  })

  function send(example: Example): Promise<unknown> {
    const token = tokens.get(example.role)
    if (example.role !== 'anonymous' && !token) throw new Error(`nobody is called ${example.role}`)
    const operation = { query: example.query, variables: fillIn(example.variables, answers) }
    return example.query.startsWith('subscription')
      ? firstOf(operation, token!)
      : post(operation, token)
  }

  async function post(operation: object, token: string | undefined): Promise<unknown> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(operation),
    })
    return response.json()
  }

  async function firstOf(
    operation: { query: string; variables: Record<string, unknown> },
    token: string,
  ): Promise<unknown> {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
    })
    try {
      for await (const message of client.iterate(operation)) return message
      throw new Error('the subscription ended without a word')
    } finally {
      await client.dispose()
    }
  }
})

/** Long lists are shown by their beginning only. */
const SHOWN = 4

function plain(answer: unknown): unknown {
  const value = JSON.parse(JSON.stringify(answer))
  const data = value.data ?? {}
  for (const list of ['jobs', 'refusalCodes']) {
    if (Array.isArray(data[list])) data[list] = data[list].slice(0, SHOWN)
  }
  if (data.policySchema) {
    const { type, properties } = data.policySchema
    data.policySchema = { type, properties: Object.keys(properties).slice(0, SHOWN) }
  }
  return value
}
